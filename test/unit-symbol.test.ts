import t from 'tap'
import { unitSymbol } from '../src/unit-symbol.js'

t.test('a unit that is spelled out is shown as its symbol, any other as it is', async t => {
  for (const [unit, symbol] of [
    ['microvolts', 'µV'],
    [' Microvolts ', 'µV'],
    ['kiloohms', 'kΩ'],
    ['normalized', ''],
    ['furlong', 'furlong'],
    ['', ''],
  ] as const)
    t.equal(unitSymbol(unit), symbol)
})
