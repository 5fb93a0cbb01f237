import t from 'tap'
import { table } from '../../../src/commands/terminal/table.js'

t.test('columns are as wide as their widest cell, numbers to the right, nothing trails', async t => {
  t.same(table([['NAME', 'RATE', 'HOST'], ['BioSemi', '100', 'h'], ['M', '2048', '']], { right: [1] }), [
    'NAME     RATE  HOST',
    'BioSemi   100  h',
    'M        2048',
  ]) // prettier-ignore
  t.same(table([]), [])
})
