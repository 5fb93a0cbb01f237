import t from 'tap'
import { LineQueue } from '../../../src/logging/receiver/line-queue.js'

/** Adds a line; answers how many records were dropped for it. */
function add(queue: LineQueue, text: string, onKept: () => void = () => undefined): number {
  const bytes = Buffer.from(text)
  return queue.push({ bytes, lines: [{ bytes: bytes.length, delivery: undefined }], records: 1, onKept })
}

const peeked = (queue: LineQueue, most = Infinity): string | undefined => queue.peek(most)?.bytes.toString()

t.test(
  'lines come in order, in chunks of about the size that is asked for, and are told when they are written',
  async t => {
    const queue = new LineQueue(1000)
    const kept: string[] = []
    for (const text of ['one', 'two', 'three']) add(queue, text, () => kept.push(text))
    t.equal(peeked(queue, 6), 'onetwo')
    t.same(kept, [])
    queue.take(6)
    t.same(kept, ['one', 'two'])
    t.equal(peeked(queue, 1), 'three', 'one line at least')
    queue.take(5)
    t.same([queue.bytes, peeked(queue)], [0, undefined])
  },
)

t.test('beyond its bound the oldest that wait are dropped, never what is being written', async t => {
  const queue = new LineQueue(10)
  add(queue, 'aaaa')
  t.equal(peeked(queue), 'aaaa')
  t.equal(add(queue, 'bbbb'), 0)
  t.equal(add(queue, 'cccc'), 1, 'b goes')
  queue.take(4)
  t.equal(peeked(queue), 'cccc')
  t.equal(add(queue, 'x'.repeat(20)), 0, 'the newest stays, however long')
})

t.test(
  'a line that is partly in the file is finished first: no report comes between, and it is not dropped',
  async t => {
    const queue = new LineQueue(10)
    add(queue, 'abcdef')
    add(queue, 'gh')
    peeked(queue)
    queue.take(2)
    queue.pushReport(Buffer.from('R'), 5)
    t.equal(peeked(queue), 'cdefRgh')
    queue.take(0)
    t.equal(add(queue, 'ijkl'), 5, 'the report stands for five')
    t.equal(peeked(queue), 'cdefghijkl')
    queue.take(10)
    t.equal(queue.bytes, 0)
  },
)

t.test('all that wait can be told that their lines are kept, once', async t => {
  const queue = new LineQueue(10)
  let told = 0
  for (const text of ['a', 'b']) add(queue, text, () => told++)
  peeked(queue, 1)
  queue.keepAll()
  t.equal(told, 2)
  queue.take(1)
  t.equal(told, 2)
})
