import t from 'tap'
import { CounterWriter } from '../../src/ring/counter-writer.js'
import { readCount } from '../../src/ring/protocol.js'
import { BYTES, CONTROL_BYTES, FRAMES } from '../../src/ring/ring-layout.js'

t.test('the count is exact through any number of laps, and a new writer goes on from it', async t => {
  const words = new Int32Array(new SharedArrayBuffer(CONTROL_BYTES))
  for (const at of [FRAMES, BYTES]) {
    let counter = new CounterWriter(words, at, 12)
    let count = 0
    for (let round = 0; round < 200; round++) {
      const by = (round * 7) % 12
      counter.advance(by)
      count += by
      t.strictSame(
        [
          counter.count,
          counter.laps * 12 + counter.head,
          readCount(words, at, 12, 'load'),
          readCount(words, at, 12, 'rmw'),
        ],
        Array(4).fill(count),
      )
      if (round % 50 === 49) counter = new CounterWriter(words, at, 12)
    }
  }
})
