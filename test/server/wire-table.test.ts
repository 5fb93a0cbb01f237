import t from 'tap'
import type { PCommand } from '../../src/server/command-table.js'
import { Client, listeningServer, type LogRecord } from '../support/server/client.js'
import { fakeJob } from '../support/server/fake-job.js'

interface Row {
  readonly sent: string
  /** What Python's 0.0.21 answered, where it is not what we do. */
  readonly python?: string
  readonly answer?: string
  readonly calls?: readonly string[]
  /** Messages of the log at warning or above. */
  readonly warnings?: readonly string[]
}

const LIST = 'START|NONE|BOOM|BOOL|THR|STOP|CLOSE'
const UNKNOWN = ['unknown command']
/** Nothing has ended it, and it might have become a command: said when the client has gone. */
const UNFINISHED = ['command did not complete, dropped']
const IGNORED = ['command not run, its arguments cannot be read']
const undecodable = (bytes: string): string => `Was unable to decode msg=${bytes} to ascii\n`

// Section 1.3 of the protocol's facts, row by row. Each is sent by a client that then closes its side.
const rows: readonly Row[] = [
  { sent: 'GET_PCOMMS', answer: LIST },
  { sent: 'GET_PCOMMS\r\n', answer: LIST },
  { sent: 'GET_PCOMMS;', answer: LIST },
  { sent: 'GET_PCOMMS|{}', answer: LIST },
  { sent: 'START|{"a":"GET_PCOMMS"}', python: `${LIST}, START is not run`, calls: ['START {"a":"GET_PCOMMS"}'] },
  { sent: 'UP', answer: '1' },
  { sent: 'UP;', answer: '1' },
  { sent: 'UP;UP;', answer: '11' },
  { sent: 'UP\r\n', python: 'nothing', answer: '1' },
  { sent: 'UP|', python: 'nothing', answer: '1' },
  { sent: 'UPUP', python: 'unknown at once', warnings: UNFINISHED },
  { sent: 'UPUP;', warnings: UNKNOWN },
  { sent: 'NOPE', python: 'unknown at once', warnings: UNFINISHED },
  { sent: 'NOPE;', warnings: UNKNOWN },
  { sent: 'NOPE|{"a":1};', warnings: UNKNOWN },
  { sent: '\r\n', python: 'a warning' },
  { sent: 'start;', warnings: UNKNOWN },
  { sent: '  START  ', python: 'unknown', calls: ['START {}'] },
  { sent: 'START\n', python: 'unknown', calls: ['START {}'] },
  { sent: ';;' },
  { sent: 'START', calls: ['START {}'] },
  { sent: 'START\r\n', calls: ['START {}'] },
  { sent: 'START|{}', calls: ['START {}'] },
  { sent: '\xc2START', calls: ['START {}'] },
  { sent: 'START;\r\n', python: 'START and a warning', calls: ['START {}'] },
  { sent: 'START|{"a":1,"b":[1,2]}', calls: ['START {"a":1,"b":[1,2]}'] },
  { sent: 'START|x|y|{"k":1}', calls: ['START x y {"k":1}'] },
  { sent: 'START|x;', warnings: IGNORED },
  { sent: 'START|', python: 'an error; START() in 0.0.24', calls: ['START {}'] },
  { sent: 'START|{bad};', warnings: IGNORED },
  { sent: 'START|{"a":"x|y"}', python: 'an error', calls: ['START {"a":"x|y"}'] },
  { sent: 'START|{"a":"x;y"}', python: 'an error and an unknown command', calls: ['START {"a":"x;y"}'] },
  { sent: 'START|null;', python: 'the server dies', warnings: IGNORED },
  { sent: 'START|[1];', python: 'the server dies', warnings: IGNORED },
  { sent: 'START|1;', python: 'the server dies', warnings: IGNORED },
  { sent: '\xff', answer: undecodable("b'\\xff'"), warnings: ['command is not text'] },
  { sent: 'START|{"a":"\xc3\xa9"}', python: 'cannot decode', calls: ['START {"a":"é"}'] },
  {
    sent: 'START;\xff;START',
    python: 'the second START is lost',
    answer: undecodable("b'\\xff'"),
    calls: ['START {}', 'START {}'],
    warnings: ['command is not text'],
  },
  { sent: 'BOOM', python: 'the server dies', calls: ['BOOM {}'], warnings: ['handler failed'] },
  { sent: 'NONE', python: 'the server dies', calls: ['NONE {}'] },
  { sent: 'BOOL', calls: ['BOOL {}'] },
  {
    sent: `START|{"a":"${'x'.repeat(5000)}"}`,
    python: 'cut at 2048 bytes',
    calls: [`START {"a":"${'x'.repeat(5000)}"}`],
  },
  { sent: 'THR;THR;THR', calls: ['THR {}', 'THR {}', 'THR {}'] },
  { sent: 'THR;STOP', calls: ['THR {}'] },
  { sent: 'THR;STOP|{}', python: 'unknown, nothing is stopped', calls: ['THR {}'] },
  { sent: 'THR;STOP\n', python: 'unknown, nothing is stopped', calls: ['THR {}'] },
  { sent: 'THR; STOP ', python: 'unknown, nothing is stopped', calls: ['THR {}'] },
]

const warningsOf = (records: readonly LogRecord[]): string[] =>
  records.filter(record => record.level >= 40).map(record => record.msg)

for (const framing of ['tolerant', 'strict'] as const) {
  for (const row of rows) {
    const { sent, python = 'the same', answer = '', calls = [], warnings = [] } = row
    // In strict framing every command ends in a semicolon, as those of the 0.0.24 client do, and none may contain one.
    if (framing === 'strict' && (sent.includes('x;y') || sent.includes('\n'))) continue
    if (framing === 'strict' && warnings === UNFINISHED) continue
    const bytes = framing === 'strict' ? `${sent};` : sent
    t.test(`${framing} ${JSON.stringify(bytes.slice(0, 60))} (Python: ${python})`, async t => {
      const seen: string[] = []
      const handler =
        (name: string, result: () => ReturnType<PCommand>): PCommand =>
        (kwargs, { args }) => {
          seen.push([name, ...args, JSON.stringify(kwargs)].join(' '))
          return result()
        }
      const boom = (): never => {
        throw new Error('boom')
      }
      const { server, records } = await listeningServer({
        framing,
        pcommandMap: {
          START: handler('START', () => 0),
          NONE: handler('NONE', () => undefined),
          BOOM: handler('BOOM', boom),
          BOOL: handler('BOOL', () => true),
          THR: handler('THR', () => fakeJob()),
        },
      })
      t.teardown(() => server.shutdown())
      const client = await Client.greeted(server)
      client.socket.end(bytes, 'latin1')
      await client.closed
      t.equal(client.received, answer)
      t.same(seen, calls)
      t.same(warningsOf(records), warnings)
      if (sent.startsWith('THR')) t.equal(server.threads.size, sent.includes('STOP') ? 0 : calls.length)
      const next = await Client.greeted(server)
      await next.up()
    })
  }
}

t.test('STA and RT 150 ms later are one command (Python: two unknown ones)', async t => {
  let called: () => void
  const start = new Promise<void>(resolve => (called = resolve))
  const { server, records } = await listeningServer({ quietMs: 5, pcommandMap: { START: () => called() } })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send('STA')
  await new Promise(resolve => setTimeout(resolve, 150))
  client.send('RT')
  await start
  t.same(warningsOf(records), [])
})

for (const form of ['CLOSE', 'CLOSE\r\n', 'CLOSE|', 'CLOSE|\r\n', 'CLOSE;', 'CLOSE|{}', 'CLOSE\n']) {
  const python = /\{|[^\r]\n/.test(form) ? 'unknown' : 'port and connection stay until the process ends'
  t.test(`${JSON.stringify(form)} closes the port and the connection (Python: ${python})`, async t => {
    const { server, listening } = await listeningServer()
    const client = await Client.greeted(server)
    client.send(form)
    await client.closed
    await listening
    t.equal(client.received, '')
    await t.rejects(Client.connect(server.port))
  })
}

t.test('bare commands are run after the quiet time, without an end and without a close', async t => {
  const { server } = await listeningServer({ pcommandMap: { START: () => 0 } })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send('UP')
  t.equal(await client.until(text => text !== ''), '1')
  client.send('GET_PCOMMS')
  t.equal(await client.until(text => text.length > 1), '1START|STOP|CLOSE')
})
