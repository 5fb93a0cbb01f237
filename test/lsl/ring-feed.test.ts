import t from 'tap'
import { RingFeed } from '../../src/lsl/outlet/ring-feed.js'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import { MarkerWriter } from '../../src/ring/marker-writer.js'
import { RingWriter } from '../../src/ring/ring-writer.js'

const refuse = (): never => t.fail('pushed as the wrong kind') as never

t.test('sends all that was written, in pieces, also what was there before it came', t => {
  const ring = allocateRing({ frames: 3000, channels: 2, format: 'double64' })
  const writer = new RingWriter(ring)
  const append = (first: number, frames: number): void =>
    writer.append(
      Float64Array.from({ length: 2 * frames }, (_, i) => 2 * first + i),
      Float64Array.from({ length: frames }, (_, i) => first + i),
    )
  append(0, 2500)
  const values: number[] = []
  const stamps: number[] = []
  const feed = new RingFeed(ring, {
    push: (data, frames, times, flush) => {
      t.equal(data.length, 2 * frames)
      t.ok(flush)
      values.push(...(data as Float64Array))
      stamps.push(...(times as Float64Array))
    },
    pushStrings: refuse,
  })
  t.equal(feed.isEmpty, false)
  feed.drain()
  t.equal(feed.isEmpty, true)
  append(2500, 100)
  t.equal(feed.isEmpty, false)
  feed.drain()
  t.same(stamps, Array.from({ length: 2600 }, (_, i) => i)) // prettier-ignore
  t.same(values, Array.from({ length: 5200 }, (_, i) => i)) // prettier-ignore
  t.equal(feed.lost, 0)
  t.end()
})

t.test('counts what was overwritten before it was sent, and goes on behind it', t => {
  const ring = allocateRing({ frames: 8, channels: 1, format: 'int32', holdFrames: 8, maxChunk: 1 })
  const writer = new RingWriter(ring)
  const values: number[] = []
  const feed = new RingFeed(ring, { push: data => void values.push(...(data as Int32Array)), pushStrings: refuse })
  for (let i = 0; i < 50; i++) writer.append(Int32Array.of(i), Float64Array.of(i))
  feed.drain()
  // Of 17 slots all but the one that the writer may be writing.
  t.same(values, Array.from({ length: 16 }, (_, i) => 34 + i)) // prettier-ignore
  t.equal(feed.lost, 34)
  t.end()
})

t.test('rows of strings are sent one by one, the last one of a piece at once', t => {
  const ring = allocateRing({ frames: 8, channels: 2, format: 'string' })
  const writer = new MarkerWriter(ring)
  const sent: unknown[] = []
  const feed = new RingFeed(ring, { push: refuse, pushStrings: (...row) => void sent.push(row) })
  writer.append([['a', 'b'], ['', 'µ']], Float64Array.of(1, 2)) // prettier-ignore
  feed.drain()
  t.same(sent, [[['a', 'b'], 1, false], [['', 'µ'], 2, true]]) // prettier-ignore
  t.end()
})
