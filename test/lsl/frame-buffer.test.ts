import t from 'tap'
import { FrameBuffer, StringBuffer } from '../../src/lsl/frame-buffer.js'

t.test('numbers go to the start of memory that is as large as the largest pull', async t => {
  const buffer = new FrameBuffer('int64', 3, 10)
  t.ok(buffer.samples instanceof BigInt64Array)
  t.equal(buffer.samples.length, 30)
  t.equal(buffer.times.length, 10)
  t.equal(buffer.maxChunk, 10)
  t.equal(buffer.position(), 0)
  buffer.publish()
  t.equal(buffer.position(), 0, 'after a pull too')
})

t.test('strings become rows, decoded from UTF-8 wherever they lie in memory', async t => {
  const buffer = new StringBuffer(2, 10)
  const memory = Buffer.from('xxµV 😀xx')
  buffer.put(0, memory.subarray(2, memory.length - 2))
  buffer.put(1, new Uint8Array(0))
  buffer.endFrame(1.5)
  buffer.put(0, Buffer.from('a\0b'))
  buffer.put(1, Buffer.from([0xff]))
  buffer.endFrame(2.5)
  buffer.publish()
  t.strictSame(buffer.rows, [
    ['µV 😀', ''],
    ['a\0b', '\ufffd'],
  ])
  t.strictSame(buffer.times, [1.5, 2.5])
})
