import t from 'tap'
import { ByteCursor, Damaged } from '../../src/xdf/byte-cursor.js'

t.test('values are read little-endian, one after the other', async t => {
  const cursor = new ByteCursor(Buffer.from('01020304050607000000000000f03f', 'hex'))
  t.equal(cursor.uint8(), 0x01)
  t.equal(cursor.uint16(), 0x0302)
  t.equal(cursor.uint32(), 0x07060504)
  t.equal(cursor.float64(), 1)
  t.equal(cursor.left, 0)
})

t.test('a value that is not whole throws and moves nothing', async t => {
  for (const read of ['uint8', 'uint16', 'uint32', 'float64', 'variableLength'] as const) {
    const cursor = new ByteCursor(Buffer.from('04', 'hex'))
    if (read === 'uint8') cursor.at = 1
    const { at } = cursor
    t.throws(() => cursor[read](), Damaged)
    t.equal(cursor.at, at, read)
  }
  const cursor = new ByteCursor(Buffer.from('0102', 'hex'))
  t.throws(() => cursor.take(3), Damaged)
  t.same(cursor.take(2), Buffer.from('0102', 'hex'))
})

t.test('a length takes 1, 4 or 8 bytes, and nothing else', async t => {
  t.equal(new ByteCursor(Buffer.from('01ff', 'hex')).variableLength(), 255)
  t.equal(new ByteCursor(Buffer.from('0400000080', 'hex')).variableLength(), 2 ** 31)
  t.equal(new ByteCursor(Buffer.from('080000000001000000', 'hex')).variableLength(), 2 ** 32)
  for (const width of ['00', '02', '03', '05', 'ff']) {
    t.throws(() => new ByteCursor(Buffer.from(`${width}0000000000000000`, 'hex')).variableLength(), Damaged, width)
  }
})
