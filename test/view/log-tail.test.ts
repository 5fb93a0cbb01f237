import t from 'tap'
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

t.test('who comes late gets the newest lines and how many were before', async t => {
  const tail = new LogTail()
  for (let i = 0; i < 1500; i++) tail.add('info', 'view', `line ${i}`)
  const { lines, missed } = tail.from(0, 200)
  t.equal(lines.length, 200)
  t.equal(lines.at(-1)?.text, 'line 1499')
  t.equal(missed, 1300)
  t.same(tail.from(tail.next, 200), { lines: [], missed: 0 })
})
