import t from 'tap'
import koffi from 'koffi'
import type { NumericFormat } from '../../../src/channel-format.js'
import { allocateSamples, samplesOver } from '../../../src/channel-format.js'
import type { NumericSink } from '../../../src/lsl/engine.js'
import { ErrorCell } from '../../../src/lsl/liblsl/error-cell.js'
import type { Library } from '../../../src/lsl/liblsl/library.js'
import { LETTERS, NumericPull } from '../../../src/lsl/liblsl/numeric-pull.js'

const CHANNELS = 3

/** A library with `frames` frames in its queue, which writes through addresses as C does. Value k of frame n is 10 n + k. */
function fake(format: NumericFormat, frames: number) {
  const calls: string[] = []
  let next = 0
  const bytes = allocateSamples(format, 1).BYTES_PER_ELEMENT
  const write = (address: number, frame: number): void => {
    const row = samplesOver(format, koffi.view(BigInt(address), CHANNELS * bytes))
    for (let k = 0; k < CHANNELS; k++) row[k] = format === 'int64' ? BigInt(10 * frame + k) : 10 * frame + k
  }
  const pullSample = (_inlet: bigint, at: number, values: number, waitS: number): number => {
    calls.push(`sample ${values} ${waitS}`)
    if (next === frames) return 0
    write(at, next)
    return 1000 + next++
  }
  const pullChunk = (
    _inlet: bigint,
    at: number,
    timesAt: number,
    values: number,
    room: number,
    waitS: number,
  ): number => {
    calls.push(`chunk ${values} ${room} ${waitS}`)
    const count = Math.min(room, frames - next)
    const times = new Float64Array(koffi.view(BigInt(timesAt), Math.max(8, 8 * count)))
    for (let i = 0; i < count; i++) {
      write(at + i * CHANNELS * bytes, next)
      times[i] = 1000 + next++
    }
    return count * CHANNELS
  }
  const fn = (name: string): unknown => {
    if (name === `lsl_pull_sample_${LETTERS[format]}`) return pullSample
    if (name === `lsl_pull_chunk_${LETTERS[format]}`) return pullChunk
    throw new RangeError(`${name} is not for ${format}`)
  }
  return { calls, library: { fn } as unknown as Library }
}

/** Shared memory of `slots` frames, written from `position` on. */
class Slab implements NumericSink {
  readonly channels = CHANNELS
  readonly samples
  readonly times
  readonly maxChunk: number
  readonly published: number[] = []
  #position: number

  constructor(format: NumericFormat, slots: number, maxChunk: number, position: number) {
    const bytes = allocateSamples(format, 1).BYTES_PER_ELEMENT
    this.samples = samplesOver(format, new SharedArrayBuffer(slots * CHANNELS * bytes))
    this.times = new Float64Array(new SharedArrayBuffer(slots * 8))
    this.maxChunk = maxChunk
    this.#position = position
  }

  position(): number {
    return this.#position
  }

  publish(frames: number): void {
    this.published.push(frames)
    this.#position += frames
  }
}

for (const format of Object.keys(LETTERS) as NumericFormat[]) {
  t.test(`${format} frames are written where the sink wants them, by the functions of their format`, async t => {
    const { library, calls } = fake(format, 6)
    const slab = new Slab(format, 10, 4, 2)
    const pull = new NumericPull(library, 1n, format, slab, new ErrorCell())
    t.same([pull.pull(0.05), pull.pull(0), pull.pull(0)], [4, 2, 0])
    t.same(slab.published, [4, 2])
    t.same(calls, ['sample 3 0.05', 'chunk 9 3 0', 'sample 3 0', 'chunk 9 3 0', 'sample 3 0'])
    t.same([...slab.times], [0, 0, 1000, 1001, 1002, 1003, 1004, 1005, 0, 0])
    const expected = Array.from({ length: 6 }, (_, n) => [10 * n, 10 * n + 1, 10 * n + 2]).flat()
    const zeros = Array.from({ length: 2 * CHANNELS }, () => 0)
    t.same(Array.from(slab.samples as Iterable<number>, Number), [...zeros, ...expected, ...zeros])
  })
}

t.test('a sink of one frame is not asked for a chunk of none', async t => {
  const { library, calls } = fake('float32', 2)
  const slab = new Slab('float32', 4, 1, 0)
  const pull = new NumericPull(library, 1n, 'float32', slab, new ErrorCell())
  t.same([pull.pull(0), pull.pull(0), pull.pull(0)], [1, 1, 0])
  t.ok(calls.every(call => call.startsWith('sample')))
})
