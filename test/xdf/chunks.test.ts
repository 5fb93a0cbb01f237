import t from 'tap'
import { chunksOf } from '../../src/xdf/chunks.js'
import * as xdf from '../support/xdf-file.js'

function chunksIn(...parts: Buffer[]): { tags: number[]; whole: boolean[]; damage: string[] } {
  const damage: string[] = []
  const chunks = [...chunksOf(Buffer.concat(parts), what => damage.push(what))]
  return { tags: chunks.map(({ tag }) => tag), whole: chunks.map(({ whole }) => whole), damage }
}

t.test('chunks come in order, whatever the width of their length', async t => {
  const { tags, damage } = chunksIn(xdf.fileHeader(), xdf.chunk(3, Buffer.alloc(4), 1), xdf.chunk(4, Buffer.alloc(4), 4), xdf.chunk(6, Buffer.alloc(4), 8)) // prettier-ignore
  t.same(tags, [1, 3, 4, 6])
  t.same(damage, [])
})

t.test('a chunk cut by the end of the file comes as far as it goes, and is told', async t => {
  const { tags, whole, damage } = chunksIn(xdf.fileHeader(), xdf.chunk(3, Buffer.alloc(100)).subarray(0, 50))
  t.same(tags, [1, 3])
  t.same(whole, [true, false])
  t.match(damage, [/the file ends inside the chunk at byte \d+/])
})

t.test('nonsense is skipped to behind the next boundary, once each', async t => {
  const garbage = Buffer.from('garbage that is no chunk')
  const { tags, damage } = chunksIn(xdf.fileHeader(), garbage, xdf.boundary(), xdf.chunk(4, Buffer.alloc(4)), garbage, xdf.boundary(), xdf.chunk(6, Buffer.alloc(4))) // prettier-ignore
  t.same(tags, [1, 4, 6])
  t.equal(damage.length, 2)
})

t.test('nonsense without a boundary behind it ends the reading', async t => {
  const { tags, damage } = chunksIn(xdf.fileHeader(), Buffer.alloc(1000))
  t.same(tags, [1])
  t.equal(damage.length, 1)
})
