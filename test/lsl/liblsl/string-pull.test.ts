import t from 'tap'
import koffi from 'koffi'
import { ErrorCell } from '../../../src/lsl/liblsl/error-cell.js'
import type { Library } from '../../../src/lsl/liblsl/library.js'
import { StringPull } from '../../../src/lsl/liblsl/string-pull.js'
import { StringBuffer } from '../../../src/lsl/frame-buffer.js'

const CHANNELS = 2

/** A library that hands out `rows`, each slot allocated as C does, and says which were freed. */
function fake(rows: readonly (readonly string[])[], slotsOnTimeout = false) {
  const memory = new Map<bigint, Buffer>()
  const waits: number[] = []
  const at = <A>(address: number, length: number, make: (buffer: ArrayBuffer) => A): A =>
    make(koffi.view(BigInt(address), length))
  const allocate = (text: string): bigint => {
    const bytes = Buffer.from(`${text}\0`)
    const address = koffi.address(bytes)
    memory.set(address, bytes)
    return address
  }
  let next = 0
  const functions: Record<string, (...args: never[]) => unknown> = {
    lsl_pull_sample_buf: (_inlet: bigint, textsAt: number, lengthsAt: number, values: number, waitS: number) => {
      waits.push(waitS)
      const row = rows[next]
      if (row === undefined && !slotsOnTimeout) return 0
      const texts = at(textsAt, 8 * values, buffer => new BigUint64Array(buffer))
      const lengths = at(lengthsAt, 4 * values, buffer => new Uint32Array(buffer))
      for (let channel = 0; channel < values; channel++) {
        const text = row?.[channel] ?? ''
        texts[channel] = allocate(text)
        lengths[channel] = Buffer.byteLength(text)
      }
      return row === undefined ? 0 : 100 + next++
    },
    lsl_destroy_string: (text: bigint) => memory.delete(text),
  }
  return { memory, waits, library: { fn: (name: string) => functions[name] } as unknown as Library }
}

t.test('every frame that is there is taken, and only the first is waited for', async t => {
  const { library, memory, waits } = fake([
    ['a', 'µ\0b'],
    ['', '😀'],
    ['x', 'y'],
  ])
  const sink = new StringBuffer(CHANNELS, 10)
  const pull = new StringPull(library, 1n, sink, new ErrorCell())
  t.equal(pull.pull(0.05), 3)
  t.same(sink.rows, [
    ['a', 'µ\0b'],
    ['', '😀'],
    ['x', 'y'],
  ])
  t.same(sink.times, [100, 101, 102])
  t.same(waits, [0.05, 0, 0, 0])
  t.equal(memory.size, 0, 'every string was freed')
  t.equal(pull.pull(0.05), 0)
})

t.test('not more than the sink takes at once', async t => {
  const { library, memory } = fake([
    ['1', ''],
    ['2', ''],
    ['3', ''],
  ])
  const sink = new StringBuffer(CHANNELS, 2)
  const pull = new StringPull(library, 1n, sink, new ErrorCell())
  t.same([pull.pull(0), pull.pull(0)], [2, 1])
  t.equal(memory.size, 0)
})

t.test('what old libraries allocate on a time-out is freed and is no frame', async t => {
  const { library, memory } = fake([], true)
  const sink = new StringBuffer(CHANNELS, 2)
  t.equal(new StringPull(library, 1n, sink, new ErrorCell()).pull(0), 0)
  t.same(sink.rows, [])
  t.equal(memory.size, 0)
})
