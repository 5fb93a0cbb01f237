import t from 'tap'
import { runNode } from '../../support/child.js'
import { fixture } from '../../support/project.js'
import { pythonRecord } from '../../../src/logging/sender/pino-record.js'
import { receiveRecord } from '../../../src/logging/receiver/received-record.js'
import { recordBody } from '../../../src/logging/wire/record-body.js'
import { colouredLine, recordLine } from '../../../src/logging/wire/record-line.js'
import { safeParts } from '../../../src/logging/wire/safe-parts.js'

function received(body: string) {
  const answer = receiveRecord(Buffer.from(body))
  if ('reason' in answer) throw new Error(answer.reason)
  return answer
}

/** The line without its time. */
function lineOf(body: string): string {
  const { record } = received(body)
  return recordLine(safeParts(record, record.message)).slice(24)
}

t.test('a record of Python gives the line of Python', t => {
  const body =
    '{"name":"ts.mod","msg":"full %s","args":["x"],"levelname":"INFO","levelno":20,"created":1795325581.898,"msecs":898.0}'
  const { record } = received(body)
  t.equal(record.message, 'full x')
  t.match(recordLine(safeParts(record, record.message)), /^2026-11-22 \d\d:33:01,898 - ts\.mod - INFO - full x$/)
  t.end()
})

t.test('a record whose values are all strings, as the fallback of Python sends it, gives the same line', t => {
  const body = `{"name":"app","msg":"Exception on %s [%s]","args":"('/x', 'POST')","levelname":"ERROR","levelno":40,"exc_info":"None","exc_text":"None","stack_info":"None","created":"1713889360.199748","msecs":"199.0"}`
  const { record } = received(body)
  t.equal(record.created, 1713889360.199748)
  t.equal(record.msecs, 199)
  t.equal(lineOf(body), '- app - ERROR - Exception on /x [POST]'.slice(0))
  t.end()
})

t.test('a traceback follows its message, and a lost one leaves the exception', t => {
  t.equal(
    lineOf('{"name":"a","msg":"m","levelname":"ERROR","exc_text":"Traceback:\\nE"}'),
    '- a - ERROR - m\nTraceback:\nE',
  )
  t.equal(
    lineOf(`{"name":"a","msg":"m","levelname":"ERROR","exc_info":"(E, E('x'))","exc_text":"None"}`),
    "- a - ERROR - m\n(E, E('x'))",
  )
  t.end()
})

t.test('a line break that would forge a record is escaped, an honest one stays', t => {
  t.equal(lineOf('{"name":"a","msg":"one\\ntwo","levelname":"INFO"}'), '- a - INFO - one\ntwo')
  const forged = '2026-11-22 05:33:01,898 - x - CRITICAL - no'
  t.equal(
    lineOf(JSON.stringify({ name: 'a', msg: `one\n${forged}`, levelname: 'INFO' })),
    `- a - INFO - one\\n${forged}`,
  )
  t.equal(
    lineOf(JSON.stringify({ name: 'a', msg: 'one', levelname: 'INFO', exc_text: forged })),
    `- a - INFO - one\\n${forged}`,
  )
  t.equal(lineOf('{"name":"a\\nb","msg":"\\u001b[2Jx\\ry","levelname":"INFO"}'), '- a\\nb - INFO - \\x1b[2Jx\\ry')
  t.end()
})

t.test('what is no record is told, never thrown', t => {
  for (const body of ['', 'nonsense', '[]', '5', 'null', '"x"']) {
    const answer = receiveRecord(Buffer.from(body))
    t.ok('reason' in answer, body)
  }
  for (const depth of [3000, 1_000_000]) {
    const args = '['.repeat(depth) + ']'.repeat(depth)
    t.doesNotThrow(() => receiveRecord(Buffer.from(`{"msg":"%s","args":${args}}`)), `nested ${depth} deep`)
  }
  t.equal(received('{}').record.name, 'None')
  t.equal(received('{"msg":5,"levelno":20}').record.message, '5')
  t.equal(received('{"created":1e300}').record.created < 1e11, true)
  t.end()
})

t.test('our own record survives the way to our receiver and back to its text', t => {
  for (const text of ['plain', '100%', '%s %%s %d', '%%', 'a\nb', 'é 😀']) {
    const origin = { name: 'm', pinoLevel: 30, created: 1.5, thread: 0, threadName: 'MainThread' }
    const record = pythonRecord(JSON.stringify({ level: 30, msg: text }), origin)
    t.equal(received(recordBody(record, ['me', 7])).record.message, text)
    t.same(received(recordBody(record, ['me', 7])).delivery, ['me', 7])
  }
  t.end()
})

t.test('a record has the keys of Python, in its order, the fields behind', t => {
  const line = JSON.stringify({ level: 35, stream: 'eeg', name: 'field', args: [1], msg: 'text' })
  const origin = { name: 'mod', pinoLevel: 35, created: 1795325581.8987, thread: 4, threadName: 'worker-4' }
  const record = pythonRecord(line, origin)
  t.equal(
    Object.keys(record).join(' '),
    'name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno funcName created msecs ' +
      'relativeCreated thread threadName processName process stream name_ args_',
  )
  t.match(record, {
    name: 'mod',
    msg: 'text stream=eeg name=field args=[1]',
    args: [],
    levelname: 'Level 25',
    levelno: 25,
    msecs: 898,
    thread: 4,
  })
  t.match(record, { stream: 'eeg', name_: 'field', args_: [1], process: process.pid })
  t.end()
})

t.test('a lone surrogate becomes U+FFFD, an escaped one in the text stays text', t => {
  const origin = { name: 'm', pinoLevel: 30, created: 1.5, thread: 0, threadName: '' }
  const body = recordBody(pythonRecord(JSON.stringify({ msg: 'a\ud800b \\ud800 😀' }), origin))
  t.equal((JSON.parse(body) as { msg: string }).msg, 'a\ufffdb \\ud800 😀')
  t.end()
})

t.test('a record that is too long for a frame is cut in its texts', t => {
  const origin = { name: 'm', pinoLevel: 30, created: 1.5, thread: 0, threadName: '' }
  const body = recordBody(pythonRecord(JSON.stringify({ msg: 'x'.repeat(9 * 1024 * 1024), more: 1 }), origin))
  t.match((JSON.parse(body) as { msg: string }).msg, /^x+\.\.\. \[\d+ characters cut\]$/)
  t.end()
})

t.test('the console line has the colours of Python, its traceback none', t => {
  const parts = { name: 'a', levelname: 'CRITICAL', created: 0, msecs: 7.9, text: 'm', exc_text: 'T' }
  t.match(
    colouredLine(parts),
    /^\x1b\[1;31m\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,007 - a - CRITICAL - \x1b\[0m \x1b\[37mm\x1b\[0m\nT$/,
  )
  t.end()
})

t.test('a record of five megabytes needs little memory, whatever it is made of', async t => {
  // A heap too small for it would end the process; the texts themselves are 5 MB each.
  const { stdout } = await runNode(['--max-old-space-size=96', fixture('logging/large-records.js')])
  const lines = stdout.trim().split('\n')
  t.equal(lines.length, 19)
  for (const line of lines) t.match(line, /: \d+$/)
})

t.test('what holds more values than any logger sends is text', async t => {
  const many = '1.5,'.repeat(70_000)
  const json = `{"name":"a","msg":"%s","args":["x"],"field":[${many}1],"list":[1,2],"text":"[${many}","levelno":20}`
  const received = receiveRecord(Buffer.from(json))
  if ('reason' in received) return t.fail(received.reason)
  t.equal(received.record.message, 'x', 'what stands before is read')
  t.equal(received.record['field'], `[${many}1]`)
  t.equal(received.record['list'], '[1,2]', 'and what stands behind is text as well')
  t.equal(received.record['text'], `[${many}`)
})
