import t from 'tap'
import fc from 'fast-check'
import { samplesOver } from '../../../../src/channel-format.js'
import { FrameBuffer, StringBuffer } from '../../../../src/lsl/frame-buffer.js'
import { BlockReader } from '../../../../src/workers/watcher/isolated/frame-block-reader.js'
import {
  numericBlock,
  numericFrames,
  StringBlock,
  stringFrames,
} from '../../../../src/workers/watcher/isolated/frame-block.js'
import type { BlockHeader } from '../../../../src/workers/watcher/isolated/frame-block.js'

const correction = { offsetS: -1.5, uncertaintyS: 1e-4 }

/** What a reader makes of `bytes` cut at `cuts`. */
function read(bytes: Buffer, cuts: readonly number[]): [BlockHeader, Buffer][] {
  const blocks: [BlockHeader, Buffer][] = []
  const reader = new BlockReader((header, payload) => blocks.push([header, payload]))
  const ends = [...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  ends.reduce((from, to) => {
    if (to > from) reader.push(bytes.subarray(from, to))
    return to
  }, 0)
  return blocks
}

t.test('frames of numbers arrive as they were, whatever the pieces and however many are taken at a time', async () => {
  const counts = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 })
  const sizes = fc.record({
    counts,
    cuts: fc.array(fc.nat(500), { maxLength: 8 }),
    take: fc.integer({ min: 1, max: 5 }),
  })
  fc.assert(
    fc.property(sizes, ({ counts, cuts, take }) => {
      let next = 0n
      const source = new FrameBuffer('int64', 2, 5)
      const blocks = counts.map(frames => {
        for (let i = 0; i < frames * 2; i++) source.samples[i] = next++
        for (let i = 0; i < frames; i++) source.times[i] = Number(next) + i / 8
        return numericBlock({ frames, available: frames, correction: frames === 0 ? undefined : correction }, source)
      })
      const sink = new FrameBuffer('int64', 2, take)
      let expected = 0n
      for (const [header, payload] of read(Buffer.concat(blocks), cuts)) {
        if (header.frames > 0 && header.correction?.offsetS !== -1.5) return false
        const rest = numericFrames(payload, header.frames, 'int64', 2)
        while (rest.frames > 0) {
          const frames = Math.min(take, rest.frames)
          rest.moveTo(sink, frames)
          for (const value of samplesOver('int64', sink.samples.buffer, 0, frames * 2))
            if (value !== expected++) return false
        }
      }
      return expected === next
    }),
    { numRuns: 2000 },
  )
})

t.test('strings arrive byte for byte, the empty ones and NUL included', async t => {
  const rows = [
    ['', 'a\0b'],
    ['µV – 😀', 'x'.repeat(100_000)],
    ['', ''],
  ]
  const block = new StringBlock(2, 10)
  for (const [r, row] of rows.entries()) {
    for (const [channel, text] of row.entries()) if (text !== '') block.put(channel, Buffer.from(text))
    block.endFrame(r + 0.5)
  }
  const bytes = block.take({ frames: rows.length, available: 0, correction })
  const [first, ...others] = read(bytes, [3, 40, 41, 50_000])
  t.same(others, [])
  const rest = stringFrames(first![1], first![0].frames)
  const sink = new StringBuffer(2, 10)
  rest.moveTo(sink, 1)
  t.equal(rest.frames, 2)
  rest.moveTo(sink, 2)
  t.same(sink.rows, rows)
  t.same(sink.times, [0.5, 1.5, 2.5])
  t.equal(block.take({ frames: 0, available: 0, correction }).length, 32, 'what was taken is not taken again')
})
