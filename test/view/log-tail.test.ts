import t from 'tap'
import { receiveRecord } from '../../src/logging/receiver/received-record.js'
import { LogTail } from '../../src/view/log-tail.js'

const record = { name: 'm', levelname: 'INFO', levelno: 20, created: 1 }

t.test('fields that our loggers write behind the message are shown once', async t => {
  const tail = new LogTail()
  tail.record({ ...record, message: 'power channel=Fp1 rms=1.5', channel: 'Fp1', rms: 1.5 })
  tail.record({ ...record, message: 'power is rms=1.5 here', rms: 1.5 })
  tail.record({ ...record, message: 'plain' })
  t.match(tail.lines, [
    { text: 'power', fields: { channel: 'Fp1', rms: '1.5' } },
    { text: 'power is rms=1.5 here', fields: { rms: '1.5' } },
    { text: 'plain', fields: {} },
  ])
})

t.test('a record is shown whatever its fields hold, integers beyond 2^53 as their digits', async t => {
  const tail = new LogTail()
  // As Python sends them: logger.info('tick', extra={'t': time.time_ns()}).
  const received = receiveRecord(
    Buffer.from('{"name":"m","msg":"tick","args":[],"t":1795731334153000001,"ts":[1795731334153000001]}'),
  )
  if (!('record' in received)) throw new Error(received.reason)
  tail.record(received.record)
  tail.record({ ...record, message: 'odd', a: Symbol('a'), b: () => 1, c: Object.assign([], { toJSON: unreadable }) })
  t.match(tail.lines, [
    { text: 'tick', fields: { t: '1795731334153000001', ts: '["1795731334153000001"]' } },
    { text: 'odd', fields: { a: 'Symbol(a)', b: '() => 1', c: 'object' } },
  ])
})

function unreadable(): never {
  throw new Error('cannot be read')
}

t.test('who comes late gets the newest lines and how many were before', async t => {
  const tail = new LogTail()
  for (let i = 0; i < 1500; i++) tail.add('info', 'view', `line ${i}`)
  const { lines, missed } = tail.from(0, 200)
  t.equal(lines.length, 200)
  t.equal(lines.at(-1)?.text, 'line 1499')
  t.equal(missed, 1300)
  t.same(tail.from(tail.next, 200), { lines: [], missed: 0 })
})
