import t from 'tap'
import { AcknowledgementReader, encodeAcknowledgement } from '../../../../src/logging/wire/acknowledgement.js'
import { DeliveredNumbers } from '../../../../src/logging/receiver/delivered-numbers.js'
import { pendingRecord } from '../../../../src/logging/sender/pending-record.js'
import { SentRecords } from '../../../../src/logging/sender/link/sent-records.js'

const record = (number: number) => ({
  ...pendingRecord({ name: 'x', thread: 0, threadName: '', isPrinted: false }, 30, 0, 'x'.repeat(100)),
  number,
})

t.test('what is confirmed is forgotten, the rest comes back in order', t => {
  const sent = new SentRecords()
  for (let number = 1; number <= 5; number++) sent.add(record(number))()
  sent.confirm(3)
  t.equal(sent.peer, 'confirms')
  t.same(
    sent.takeAll().map(({ number }) => number),
    [4, 5],
  )
  t.same(sent.size, { records: 0, bytes: 0 })
  t.end()
})

t.test('with a server that confirms nothing, what the kernel has is forgotten', t => {
  const sent = new SentRecords()
  const written = [1, 2, 3].map(number => sent.add(record(number)))
  written[0]?.()
  sent.expectNothing()
  t.equal(sent.size.records, 2)
  t.equal(sent.isWritten, false)
  written[1]?.()
  written[2]?.()
  t.equal(sent.size.records, 0)
  t.equal(sent.isWritten, true)
  t.end()
})

t.test('only a server that confirms is waited for; for another the last 2048 are kept', t => {
  const sent = new SentRecords()
  for (let number = 1; number <= 3000; number++) sent.add(record(number))()
  t.equal(sent.isFull, false)
  t.equal(sent.size.records, 2047)
  t.equal(sent.peekAll().at(-1)?.number, 3000)
  sent.confirm(953)
  for (let number = 3001; number <= 3001; number++) sent.add(record(number))()
  t.equal(sent.isFull, true)
  t.end()
})

t.test('confirmations are read from any segmentation, the newest counts', t => {
  const bytes = Buffer.concat([1, 2, 2 ** 40].map(encodeAcknowledgement))
  const reader = new AcknowledgementReader()
  const read = [...bytes].map(byte => reader.push(Buffer.from([byte]))).filter(number => number !== undefined)
  t.same(read, [1, 2, 2 ** 40])
  t.equal(new AcknowledgementReader().push(bytes), 2 ** 40)
  t.end()
})

t.test('a number is taken once per sender, and senders are not remembered for ever', t => {
  const delivered = new DeliveredNumbers()
  t.same(
    [1, 2, 2, 1, 5, 4].map(number => delivered.isNew(['a', number])),
    [true, true, false, false, true, false],
  )
  for (let sender = 0; sender < 5000; sender++) delivered.isNew([`s${sender}`, 1])
  t.equal(delivered.isNew(['a', 5]), true, 'forgotten')
  t.equal(delivered.isNew(['s4999', 1]), false)
  t.end()
})
