import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { ChunkWalker } from '../../src/xdf/chunk-walker.js'
import { DamageLog } from '../../src/xdf/damage-log.js'
import { FileWindow } from '../../src/xdf/file-window.js'
import * as xdf from '../support/xdf/xdf-file.js'

async function chunksIn(t: Test, ...parts: Buffer[]): Promise<{ tags: number[]; whole: boolean[]; damage: string[] }> {
  const path = join(t.testdir(), 'chunks.xdf')
  writeFileSync(path, Buffer.concat(parts))
  await using file = await FileWindow.open(path)
  const damage = new DamageLog()
  const walker = new ChunkWalker(file, damage)
  const chunks = []
  for (let chunk = await walker.next(); chunk !== undefined; chunk = await walker.next()) chunks.push(chunk)
  return { tags: chunks.map(({ tag }) => tag), whole: chunks.map(({ whole }) => whole), damage: damage.lines() }
}

t.test('chunks come in order, whatever the width of their length', async t => {
  const { tags, damage } = await chunksIn(t, xdf.fileHeader(), xdf.chunk(3, Buffer.alloc(4), 1), xdf.chunk(4, Buffer.alloc(4), 4), xdf.chunk(6, Buffer.alloc(4), 8)) // prettier-ignore
  t.same(tags, [1, 3, 4, 6])
  t.same(damage, [])
})

t.test('a chunk cut by the end of the file comes as far as it goes, and is told', async t => {
  const { tags, whole, damage } = await chunksIn(t, xdf.fileHeader(), xdf.chunk(3, Buffer.alloc(100)).subarray(0, 50))
  t.same(tags, [1, 3])
  t.same(whole, [true, false])
  t.match(damage, [/the file ends inside a chunk \(at byte \d+\)/])
})

t.test('nonsense is skipped to behind the next boundary, and told once', async t => {
  const garbage = Buffer.from('garbage that is no chunk')
  const { tags, damage } = await chunksIn(t, xdf.fileHeader(), garbage, xdf.boundary(), xdf.chunk(4, Buffer.alloc(4)), garbage, xdf.boundary(), xdf.chunk(6, Buffer.alloc(4))) // prettier-ignore
  t.same(tags, [1, 4, 6])
  t.match(damage, [/skipped \(2 times, first at byte \d+\)/])
})

t.test('nonsense without a boundary behind it ends the reading', async t => {
  const { tags, damage } = await chunksIn(t, xdf.fileHeader(), Buffer.alloc(1000))
  t.same(tags, [1])
  t.equal(damage.length, 1)
})

t.test('a boundary is found wherever it lies, across the blocks of the search too', async t => {
  for (const length of [2 ** 20 - 20, 2 ** 20 - 8, 2 ** 20, 2 ** 20 + 3]) {
    const { tags } = await chunksIn(
      t,
      xdf.fileHeader(),
      Buffer.alloc(length),
      xdf.boundary(),
      xdf.chunk(4, Buffer.alloc(4)),
    )
    t.same(tags, [1, 4], `${length} bytes of nonsense`)
  }
})

t.test('a length beyond the end of the file is doubted: what follows the next boundary is read', async t => {
  const wrong = xdf.chunk(3, Buffer.alloc(50), 4)
  wrong.writeUInt32LE(2 ** 30, 1)
  const { tags } = await chunksIn(t, xdf.fileHeader(), wrong, xdf.boundary(), xdf.chunk(6, Buffer.alloc(4)))
  t.same(tags, [1, 3, 6])
})

t.test('however many headers a file seems to have, its bytes are read a few times', async t => {
  const patterns = {
    'headers of nothing': xdf.chunk(2, Buffer.alloc(0)),
    'file headers of nothing': xdf.chunk(1, Buffer.alloc(0)),
    'beginnings of documents': Buffer.from('\u0002\0\u0001\0\0\0<?xml', 'latin1'),
    'documents without an end': xdf.chunk(2, Buffer.from('\u0001\0\0\0<?xml version="1.0"?><info>')),
  }
  for (const [what, pattern] of Object.entries(patterns)) {
    const path = join(t.testdir(), 'headers.xdf')
    const bytes = Buffer.concat([xdf.fileHeader(), ...Array.from({ length: 2000 }, () => pattern)])
    writeFileSync(path, bytes)
    await using file = await FileWindow.open(path)
    let read = 0
    const walker = new ChunkWalker(
      Object.assign(Object.create(file) as FileWindow, {
        size: file.size,
        read: async (at: number, length: number) => {
          read += Math.max(0, Math.min(length, file.size - at))
          return file.read(at, length)
        },
      }),
      new DamageLog(),
    )
    while ((await walker.next()) !== undefined);
    t.ok(read < 100 * bytes.length, `${what}: ${Math.round(read / bytes.length)} times`)
  }
})
