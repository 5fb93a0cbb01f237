import fc from 'fast-check'
import t from 'tap'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import { MarkerWriter } from '../../src/ring/marker-writer.js'
import { BYTES, counterModulus } from '../../src/ring/ring-layout.js'
import { RingReader } from '../../src/ring/ring-reader.js'
import { RingWriter } from '../../src/ring/ring-writer.js'
import type { Window } from '../../src/ring/window.js'

/** Geometries and places to start: anywhere, and just below every wrap. */
const shapes = fc
  .record({
    frames: fc.integer({ min: 1, max: 9 }),
    holdFrames: fc.integer({ min: 0, max: 12 }),
    chunk: fc.integer({ min: 1, max: 9 }),
    channels: fc.integer({ min: 1, max: 3 }),
    from: fc.constantFrom(0, 2 ** 31, 2 ** 32, 2 ** 50, 'lap' as const, 'second lap' as const),
    before: fc.integer({ min: 0, max: 20 }),
  })
  .map(({ frames, holdFrames, chunk, channels, from, before }) => {
    const maxChunk = Math.min(chunk, frames)
    const capacity = frames + holdFrames + maxChunk
    const lap = counterModulus(capacity)
    const wrap = from === 'lap' ? lap : from === 'second lap' ? 2 * lap : from
    return { frames, holdFrames, maxChunk, channels, firstIndex: Math.max(0, wrap - before), capacity }
  })

const n = fc.integer({ min: 0, max: 30 })
const operations = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), n }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('takeNew' as const), n }) },
    fc.record({ do: fc.constant('latest' as const), n }),
    fc.record({ do: fc.constant('window' as const), n, back: n }),
    fc.record({ do: fc.constant('snapshot' as const), n }),
    fc.record({ do: fc.constant('rewind' as const), n }),
  ),
  { minLength: 1, maxLength: 25 },
)

/** Every test runs so often; the seed of a failure is printed with it. */
const RUNS = 10_000

t.test('a numeric ring agrees with a plain array of all frames', async t => {
  fc.assert(
    fc.property(shapes, operations, (shape, ops) => {
      const { frames: W, maxChunk, channels, firstIndex, capacity } = shape
      const handle = allocateRing({ ...shape, format: 'double64' })
      const writer = new RingWriter(handle)
      const reader = RingReader.attach<Float64Array>(handle)
      const model: number[] = []
      const held: Window<Float64Array>[] = []
      let cursor = firstIndex
      let lost = 0
      const end = (): number => firstIndex + model.length
      const oldest = (): number => Math.max(firstIndex, end() - (capacity - maxChunk))
      const valueOf = (index: number): number => (index < firstIndex ? 0 : (model[index - firstIndex] ?? NaN))
      const check = (got: Omit<Window<Float64Array>, 'isIntact'>, start: number, frames: number, missing = 0): void => {
        same({ start: got.start, frames: got.frames, lost: got.lost }, { start, frames, lost: missing })
        same([...got.times], range(start, frames).map(valueOf))
        same(
          [...got.data],
          range(start, frames).flatMap(index => range(0, channels).map(ch => valueOf(index) * (ch + 1))),
        )
      }
      for (const op of ops) {
        if (op.do === 'append') {
          const values = range(model.length + 1, op.n)
          model.push(...values)
          writer.append(
            Float64Array.from(values.flatMap(v => range(0, channels).map(ch => v * (ch + 1)))),
            Float64Array.from(values),
          )
        } else if (op.do === 'takeNew') {
          const start = Math.max(cursor, oldest())
          const frames = Math.min(op.n, W, end() - start)
          const window = reader.takeNew(op.n)
          check(window, start, frames, start - cursor)
          lost += start - cursor
          cursor = start + frames
          held.push(window)
        } else if (op.do === 'latest') {
          const frames = Math.min(op.n % (W + 1), model.length)
          const window = reader.latest(op.n % (W + 1))
          check(window, end() - frames, frames)
          held.push(window)
        } else if (op.do === 'window') {
          const frames = op.n % (W + 1)
          const before = Math.max(firstIndex, end() - op.back)
          const window = reader.window(before, frames)
          if (window.isIntact()) check(window, before - frames, frames)
          held.push(window)
        } else if (op.do === 'snapshot') {
          const frames = Math.min(op.n % (W + 1), model.length)
          check(reader.snapshot(op.n % (W + 1)), end() - frames, frames)
        } else {
          cursor = Math.max(firstIndex, end() - op.n)
          reader.cursor = cursor
        }
        same([reader.written(), writer.written, reader.position], [end(), end(), end() % capacity])
        same([reader.cursor, reader.lost, reader.lastT], [cursor, lost, model.at(-1) ?? 0])
        for (const window of held) {
          same(window.isIntact(), window.frames === 0 || window.start >= end() - (capacity - maxChunk))
          if (window.isIntact()) check(window, window.start, window.frames, window.lost)
        }
      }
    }),
    { numRuns: RUNS },
  )
  t.pass(`${RUNS} runs`)
})

t.test('a ring of strings agrees with a plain array of all rows', async t => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(shapes, operations, texts, fc.integer({ min: 2, max: 20 }), (shape, ops, words, room) => {
      const { frames: W, maxChunk, channels, firstIndex, capacity } = shape
      const [maxStringBytes, stringCapacity] = [8, 8 * room]
      const handle = allocateRing({ ...shape, format: 'string', maxStringBytes, stringCapacity })
      // The bytes, too, start just below the wrap of their counter.
      const bytesBelow = counterModulus(stringCapacity) - room
      new Int32Array(handle.control)[BYTES.head] = bytesBelow
      const writer = new MarkerWriter(handle)
      const reader = RingReader.attach<string[][]>(handle)
      const model: string[][] = []
      /** How many bytes had been written before each row's first string that is not empty. */
      const bytesBefore: number[] = []
      let bytes = 0
      let cut = 0
      let cursor = firstIndex
      const end = (): number => firstIndex + model.length
      const keep = (text: string): string => {
        let kept = ''
        for (const point of text) {
          if (Buffer.byteLength(kept + point) > maxStringBytes) {
            cut++
            break
          }
          kept += point
        }
        return kept
      }
      /** The first of these rows from which on all are still whole. */
      const firstWhole = (start: number, frames: number): number => {
        let index = start + frames
        while (index > start) {
          const before = bytesBefore[index - 1 - firstIndex] ?? Infinity
          if (index - 1 < end() - (capacity - maxChunk) || bytes + maxStringBytes - before > stringCapacity) break
          index--
        }
        return index
      }
      const check = (got: Window<string[][]>, start: number, frames: number, missing: number): void => {
        const first = firstWhole(start, frames)
        const overwritten = first - start
        same(
          { start: got.start, frames: got.frames, lost: got.lost },
          { start: first, frames: frames - overwritten, lost: missing + overwritten },
        )
        same(got.data, model.slice(first - firstIndex, start + frames - firstIndex))
        same([...got.times], range(first, frames - overwritten))
      }
      for (const op of ops) {
        if (op.do === 'append') {
          const rows = range(model.length, op.n).map(i => range(i, channels).map(k => words[k % words.length] ?? ''))
          writer.append(rows, Float64Array.from(range(end(), op.n)))
          for (const row of rows) {
            const kept = row.map(keep)
            const first = kept.findIndex(text => text !== '')
            model.push(kept)
            bytesBefore.push(first < 0 ? Infinity : bytes)
            for (const text of kept) bytes += Buffer.byteLength(text)
          }
        } else if (op.do === 'takeNew') {
          const start = Math.max(cursor, firstIndex, end() - (capacity - maxChunk))
          const frames = Math.min(op.n, W, end() - start)
          check(reader.takeNew(op.n), start, frames, start - cursor)
          cursor = start + frames
        } else if (op.do === 'rewind') {
          cursor = Math.max(firstIndex, end() - op.n)
          reader.cursor = cursor
        } else {
          const frames = Math.min(op.n % (W + 1), model.length)
          check(reader.latest(op.n % (W + 1)), end() - frames, frames, 0)
        }
        same([reader.written(), reader.cursor, reader.truncated], [end(), cursor, cut])
      }
    }),
    { numRuns: RUNS },
  )
  t.pass(`${RUNS} runs`)
})

function range(from: number, length: number): number[] {
  return Array.from({ length }, (_, i) => from + i)
}

/** tap's own assertions would print 10^6 lines. */
function same(got: unknown, expected: unknown): void {
  const [a, b] = [got, expected].map(value => JSON.stringify(value))
  if (a !== b) throw new Error(`got ${a}, expected ${b}`)
}
