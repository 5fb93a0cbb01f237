import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { FrameDecoder } from '../../../src/logging/wire/frame-decoder.js'
import { receiveRecord } from '../../../src/logging/receiver/received-record.js'
import type { ReceivedRecord } from '../../../src/logging/receiver/received-record.js'
import { freePort } from '../../support/free-port.js'
import { outcome, start, startReceiver, stopReceiver } from '../../support/logging/processes.js'
import { inTime } from '../../support/in-time.js'

/** A log server that, like Python's, confirms nothing and closes when its client has. */
async function silentServer(t: Test): Promise<{ port: number; records: ReceivedRecord[]; connections: () => number }> {
  const records: ReceivedRecord[] = []
  let connections = 0
  const server = createServer(socket => {
    connections++
    const decoder = new FrameDecoder(1e7)
    socket.on('data', chunk => {
      for (const body of decoder.push(chunk).bodies) {
        const received = receiveRecord(body)
        if ('record' in received) records.push(received.record)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { port: (server.address() as AddressInfo).port, records, connections: () => connections }
}

t.test('a process that logs ends by itself, with its records delivered', async t => {
  const { port, records, connections } = await silentServer(t)
  const { code, output } = await outcome(start(t, 'logging/sender', [String(port), 'mod', '5000', '5000', '0']))
  t.equal(code, 0)
  t.equal(output, '')
  t.same(
    records.map(({ message }) => message),
    Array.from({ length: 5000 }, (_, number) => `number ${number}`),
  )
  t.equal(connections(), 1)
})

t.test('without a log server a process ends as soon, and says nothing', async t => {
  const port = await freePort()
  const startMs = performance.now()
  const { code, output } = await outcome(start(t, 'logging/sender', [String(port), 'mod', '100', '100', '0']))
  t.equal(code, 0)
  t.equal(output, '')
  inTime(t, 'without a server', performance.now() - startMs, 1000)
})

t.test('all threads share one connection, whether they return to their loop, end or are terminated', async t => {
  const { port, records, connections } = await silentServer(t)
  const { code, output } = await outcome(start(t, 'logging/threads', [String(port)]))
  t.equal(code, 0)
  t.equal(output, '')
  t.equal(connections(), 1)
  t.equal(records.filter(({ name }) => name === 'main').length, 1)
  for (const index of [0, 1, 2]) {
    const own = records.filter(({ name }) => name === `job${index}`)
    t.same(
      own.map(({ number }) => number),
      Array.from({ length: 1000 }, (_, number) => number),
      `job${index}`,
    )
    t.match(own[0], {
      threadName: index === 1 ? 'filter' : /^worker-\d$/,
      levelname: 'DEBUG',
      processName: 'MainProcess',
    })
  }
})

t.test('while the server is away the bound is kept, the lowest level goes first, and drops are told', async t => {
  const port = await freePort()
  const child = start(t, 'logging/away', [String(port)])
  await once(child, 'message')
  const file = join(t.testdir(), 'all.log')
  const { child: server } = await startReceiver(t, port, file)
  child.send('go')
  t.equal((await outcome(child)).code, 0)
  await stopReceiver(server)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const count = (level: string): number => lines.filter(line => line.includes(` - away - ${level} - `)).length
  t.equal(count('ERROR'), 1000)
  t.equal(count('INFO'), 4000)
  t.equal(count('DEBUG'), 5000)
  t.match(lines[0], / - dareplane\.logging - WARNING - 5000 log records were dropped: 5000 DEBUG$/)
  const numbers = lines.slice(1).map(line => Number(/\d+$/.exec(line)?.[0]))
  t.same(
    numbers,
    numbers.toSorted((a, b) => a - b),
    'in order across the levels',
  )
})

for (const server of ['up', 'absent', 'stopped'] as const) {
  t.test(`errors of a crashing process reach a file within 300 ms, with the server ${server}`, async t => {
    const folder = t.testdir()
    const file = join(folder, 'all.log')
    const receiver = server === 'absent' ? undefined : await startReceiver(t, 0, file)
    if (server === 'stopped') receiver?.child.kill('SIGSTOP')
    const port = receiver?.port ?? (await freePort())
    const child = start(t, 'logging/crash', [String(port), 'throw'], { cwd: folder })
    const crashed = once(child, 'message')
    const exited = once(child, 'exit')
    const done = outcome(child)
    const [crashMs] = (await crashed) as [number]
    await exited
    const tookMs = Date.now() - crashMs
    const { output, code } = await done
    t.equal(code, 1)
    t.match(output, /RangeError: out of hand/, "Node's own words are not kept back")
    inTime(t, "exit after the crash, Node's own printing included", tookMs, 300)
    const saved = readFileSync(join(folder, 'crash.log'), 'utf8')
    t.match(saved, / - mod - CRITICAL - uncaught RangeError: out of hand\nRangeError: out of hand\n {4}at /)
    if (server === 'absent') t.match(saved, / - mod - ERROR - something failed\nError: first\n {4}at /)
    t.notMatch(saved, 'all is well')
    if (receiver && server === 'up') {
      await stopReceiver(receiver.child)
      const lines = readFileSync(file, 'utf8')
      t.match(lines, / - mod - INFO - all is well\n/)
      t.match(lines, / - mod - CRITICAL - uncaught RangeError: out of hand\n/)
    }
  })
}

t.test('a process that exits in failure leaves the errors that no server took', async t => {
  const folder = t.testdir()
  const child = start(t, 'logging/crash', [String(await freePort()), 'exit'], { cwd: folder })
  t.equal((await outcome(child)).code, 3)
  t.match(readFileSync(join(folder, 'crash.log'), 'utf8'), / - mod - ERROR - something failed\n/)
  const other = t.testdir()
  const receiver = await startReceiver(t, 0, join(other, 'all.log'))
  t.equal((await outcome(start(t, 'logging/crash', [String(receiver.port), 'exit'], { cwd: other }))).code, 3)
  t.equal(existsSync(join(other, 'crash.log')), false, 'the server has them')
})
