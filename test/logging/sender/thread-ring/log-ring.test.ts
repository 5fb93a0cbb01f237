import fc from 'fast-check'
import t from 'tap'
import * as layout from '../../../../src/logging/sender/thread-ring/log-ring-layout.js'
import { levelIndex } from '../../../../src/logging/wire/levels.js'
import { LogRingReader } from '../../../../src/logging/sender/thread-ring/log-ring-reader.js'
import { LogRingWriter } from '../../../../src/logging/sender/thread-ring/log-ring-writer.js'

/** A ring whose counters stand at `start`, a multiple of 8. */
function ringAt(start: number, capacity = 4096): { writer: LogRingWriter; reader: LogRingReader } {
  const buffer = layout.allocateLogRing(capacity)
  const words = new Int32Array(buffer)
  words[layout.HEAD] = start
  words[layout.TAIL] = start
  return { writer: new LogRingWriter(buffer), reader: new LogRingReader(buffer) }
}

function readAll(reader: LogRingReader): string[] {
  const texts: string[] = []
  for (let entry = reader.next(); entry; entry = reader.next()) texts.push(entry.text)
  reader.release()
  return texts
}

t.test('an entry comes out as it went in', t => {
  const { writer, reader } = ringAt(0)
  writer.define(3, { name: 'mod' })
  writer.write(3, 30, 1795325581.25, 'größer 😀')
  t.same(reader.next(), { source: 3, level: layout.DEFINITION, created: 0, text: '{"name":"mod"}' })
  t.same(reader.next(), { source: 3, level: 30, created: 1795325581.25, text: 'größer 😀' })
  t.equal(reader.next(), undefined)
  t.end()
})

t.test('any sequence of writes and reads is a bounded queue, also where the counters wrap', t => {
  const step = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }).map(text => ({ text })),
    fc.constant({ read: true } as const),
  )
  fc.assert(
    fc.property(fc.constantFrom(0, 2 ** 31 - 1024, -1024, 8), fc.array(step, { maxLength: 200 }), (start, steps) => {
      const { writer, reader } = ringAt(start | 0)
      const model: string[] = []
      let refused = 0
      for (const each of steps) {
        if ('read' in each) {
          if (readAll(reader).join('|') !== model.splice(0).join('|')) return false
        } else if (writer.write(0, 50, 0, each.text)) {
          model.push(Buffer.from(each.text).toString())
        } else {
          refused++
          if (model.length === 0) return false
        }
      }
      const dropped = reader.takeDropped()?.[levelIndex(50)] ?? 0
      return dropped === refused && readAll(reader).join('|') === model.join('|')
    }),
    { numRuns: 500 },
  )
  t.end()
})

t.test('lines that are read as they come take up a small part of the memory', t => {
  const capacity = 2 ** 20
  const { writer, reader } = ringAt(0, capacity)
  const text = 'x'.repeat(100)
  let read = 0
  for (; read * text.length < 2 * capacity; read++) {
    writer.write(0, 30, 0, text)
    if (readAll(reader).join() !== text) break
  }
  t.ok(read * text.length >= 2 * capacity, 'none is missing')
  const untouched = new Uint8Array(writer.buffer).subarray(layout.ENTRIES + capacity / 64)
  t.ok(untouched.every(byte => byte === 0))
  t.end()
})

t.test('the last eighth of a ring is kept for warnings and worse', t => {
  const { writer, reader } = ringAt(0)
  while (writer.write(0, 30, 0, 'x'.repeat(40)));
  t.equal(writer.write(0, 40, 0, 'x'.repeat(40)), true)
  t.same(reader.takeDropped(), [0, 0, 1, 0, 0, 0])
  t.equal(reader.takeDropped(), undefined, 'a count is told once')
  t.end()
})

t.test('a line that is too long for the ring arrives shortened and says so', t => {
  const { writer, reader } = ringAt(0)
  t.equal(writer.write(0, 30, 0, JSON.stringify({ msg: 'ab'.repeat(5000) })), true)
  const { msg } = JSON.parse(reader.next()!.text) as { msg: string }
  t.match(msg, /abab\.\.\. \[\d+ characters cut\]$/)
  t.end()
})

t.test('a reader that waits is woken by the next entry and by the end of the writer', async t => {
  const { writer, reader } = ringAt(0)
  const woken = reader.wait()
  writer.write(0, 30, 0, 'first')
  await woken
  t.same(readAll(reader), ['first'])
  const ended = reader.wait()
  writer.close()
  await ended
  t.same(readAll(reader), [''], 'the end is an entry without a line')
  t.equal(reader.isFinished, true)
})

t.test('flush resolves when the reader has answered, and gives up after its time', async t => {
  const { writer, reader } = ringAt(0)
  const flushed = writer.flush(10_000)
  const entry = reader.next()
  t.equal(entry?.level, layout.FLUSH)
  reader.answerFlush(entry!.source)
  await flushed
  await writer.flush(1)
})
