import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { openXdf } from '../../src/xdf/open-xdf.js'
import { readXdf } from '../../src/xdf/read-xdf.js'
import type { XdfProgress } from '../../src/xdf/open-xdf.js'
import { AS_RECORDED } from '../../src/xdf/stamps/stamp-correction.js'
import { recording } from '../support/xdf/recordings.js'
import * as xdf from '../support/xdf/xdf-file.js'

const float = (value: number): Buffer => Buffer.from(Float32Array.of(value).buffer)

t.test('a file that is no path is refused before anything is read', async t => {
  for (const file of [{ bogus: 1 }, undefined, ''])
    t.throws(() => openXdf(file as never), /^file must be a non-empty string, got /)
  await t.rejects(readXdf({ bogus: 1 } as never), /^file must be a non-empty string, got { bogus: 1 }/)
})

t.test('chunks come in the order of the file, each with its stream and its place', async t => {
  const file = join(t.testdir(), 'all.xdf')
  const parts = [
    xdf.fileHeader(),
    xdf.streamHeader(3, {}),
    xdf.samples(3, [{ time: 1, values: float(5) }, { values: float(6) }]),
    xdf.clockOffset(3, 1, 0.5),
    xdf.boundary(),
    xdf.samples(3, [{ time: 2, values: float(7) }]),
    xdf.streamFooter(3, '<info/>'),
  ]
  await writeFile(file, Buffer.concat(parts))
  const kinds: string[] = []
  const starts: number[] = []
  const places: number[] = []
  for await (const chunk of openXdf(file, AS_RECORDED)) {
    kinds.push(chunk.kind)
    places.push(chunk.at)
    if (chunk.kind === 'samples') starts.push(chunk.start)
  }
  t.same(kinds, ['file', 'stream', 'samples', 'clockOffset', 'boundary', 'samples', 'footer'])
  t.same(starts, [0, 2])
  t.same(
    places.slice(1),
    parts.slice(0, -1).map((_, i) => Buffer.concat(parts.slice(0, i + 1)).length),
  )
})

t.test('a file beyond 2 GiB is read in little memory: what stands behind a hole of 5 GiB is found', async t => {
  const path = join(t.testdir(), 'huge.xdf')
  const start = Buffer.concat([
    xdf.fileHeader(),
    xdf.streamHeader(1, {}),
    xdf.samples(1, [{ time: 1, values: float(1) }]),
  ])
  // A boundary chunk may be of any length: the hole is its content. It takes no space on the disk.
  const hole = Buffer.alloc(11)
  hole[0] = 8
  hole.writeBigUInt64LE(5n * 2n ** 30n + 2n, 1)
  hole.writeUInt16LE(5, 9)
  const file = await open(path, 'w')
  await file.write(Buffer.concat([start, hole]), 0)
  await file.write(xdf.samples(1, [{ time: 2, values: float(2) }]), 0, null, start.length + hole.length + 5 * 2 ** 30)
  await file.close()
  const before = process.memoryUsage().arrayBuffers
  const values: unknown[] = []
  for await (const chunk of openXdf(path, AS_RECORDED)) {
    if (chunk.kind === 'samples') values.push(chunk.samples[0])
    t.ok(process.memoryUsage().arrayBuffers - before < 64 * 2 ** 20, 'little memory')
  }
  t.same(values, [1, 2])
})

t.test('one chunk of samples that is larger than the window comes in pieces, whole', async t => {
  const path = join(t.testdir(), 'large.xdf')
  const frames = 200_000
  const rows = Array.from({ length: frames }, (_, i) => ({ ...(i % 3 === 0 && { time: i / 100 }), values: float(i) }))
  await writeFile(path, Buffer.concat([xdf.fileHeader(), xdf.streamHeader(1, {}), xdf.samples(1, rows)]))
  let next = 0
  let pieces = 0
  for await (const chunk of openXdf(path, AS_RECORDED)) {
    if (chunk.kind !== 'samples') continue
    pieces++
    t.equal(chunk.start, next)
    for (const value of chunk.samples) if (value !== next++) t.fail(`frame ${next - 1} is ${String(value)}`)
  }
  t.equal(next, frames)
  t.ok(pieces > 1, `${pieces} pieces`)
})

t.test('a string longer than the window is read', async t => {
  const path = join(t.testdir(), 'long.xdf')
  const text = 'ä'.repeat(2_000_000)
  const header = xdf.streamHeader(1, { format: 'string', rate: 0 })
  await writeFile(
    path,
    Buffer.concat([xdf.fileHeader(), header, xdf.samples(1, [{ time: 1, values: xdf.text(text) }])]),
  )
  for await (const chunk of openXdf(path)) if (chunk.kind === 'samples') t.same(chunk.samples, [[text]])
})

t.test('progress rises to the end of the last pass', { skip: recording('clock_resets.xdf').skip }, async t => {
  for (const [passes, options] of [
    [1, AS_RECORDED],
    [2, { dejitter: false }],
    [3, {}],
  ] as const) {
    // prettier-ignore
    const told: XdfProgress[] = []
    const chunks = openXdf(recording('clock_resets.xdf').file, { ...options, onProgress: p => told.push(p) })
    let count = 0
    for await (const { at } of chunks) if (at > 0) count++
    t.ok(count > 0)
    t.equal(told.at(-1)?.bytes, told.at(-1)?.of)
    t.equal(told.at(-1)?.of, passes * 1_181_143)
    t.same(
      told,
      told.toSorted((a, b) => a.bytes - b.bytes),
    )
  }
})

t.test('reading that ends early closes the file', { skip: recording('minimal.xdf').skip }, async t => {
  for await (const chunk of openXdf(recording('minimal.xdf').file)) {
    t.equal(chunk.kind, 'file')
    break
  }
})
