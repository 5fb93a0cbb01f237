import { execFileSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { encodeFrame } from '../../src/logging/wire/frame.js'
import { LogFile } from '../../src/logging/receiver/log-file.js'
import { connect } from 'node:net'
import { seededRandom } from '../support/random.js'
import { outcome, start, startReceiver, stopReceiver } from '../support/logging/processes.js'

/** The numbers that a client's lines in the file carry, in the order of the file. */
const numbersOf = (text: string, name: string): number[] =>
  [...text.matchAll(new RegExp(` - ${name} - INFO - number (\\d+)$`, 'gm'))].map(found => Number(found[1]))

const linesIn = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 1

/** Resolves when the file has at least so many lines: the one sign of a server in another process that it has taken them. */
async function untilLines(file: string, count: number): Promise<void> {
  while (linesIn(file) < count) await after(10)
}

function checkClients(t: Test, file: string, clients: number, records: number): void {
  const text = readFileSync(file, 'utf8')
  for (let client = 0; client < clients; client++) {
    const numbers = numbersOf(text, `c${client}`)
    const wrong = numbers.findIndex((number, index) => number !== index)
    t.equal(wrong, -1, `client ${client}: line ${wrong} is number ${numbers[wrong]}`)
    t.equal(numbers.length, records, `client ${client} lost nothing`)
  }
}

t.test('a server that is stopped for a while, killed and restarted loses nothing of any client', async t => {
  const clients = 4
  const records = 2000
  const file = join(t.testdir(), 'all.log')
  const first = await startReceiver(t, 0, file)
  const port = String(first.port)
  const senders: ChildProcess[] = []
  for (let client = 0; client < clients; client++) {
    senders.push(start(t, 'logging/sender', [port, `c${client}`, String(records), '20', '15', 'wait']))
  }
  const ended = Promise.all(senders.map(outcome))
  await untilLines(file, 200)
  first.child.kill('SIGSTOP')
  await after(1500)
  first.child.kill('SIGCONT')
  await untilLines(file, linesIn(file) + 200)
  const killed = once(first.child, 'exit')
  first.child.kill('SIGKILL')
  await killed
  const second = await startReceiver(t, first.port, file)
  // Not before: a process that ends while the server is stopped gives up after a second, as promised.
  for (const sender of senders) sender.send('end')
  for (const { code, output } of await ended) t.same({ code, output }, { code: 0, output: '' })
  await stopReceiver(second.child)
  checkClients(t, file, clients, records)
})

t.test('a server that is killed again and again writes every record once', async t => {
  const random = seededRandom(t)
  const clients = 3
  const records = 6000
  const kills = 12
  const file = join(t.testdir(), 'all.log')
  let server = await startReceiver(t, 0, file)
  const { port } = server
  const senders: ChildProcess[] = []
  // The first is quick: its lines are written many at a time.
  for (const [batch, pause] of [
    ['500', '500'],
    ['20', '20'],
    ['1', '1'],
  ] as const)
    // prettier-ignore
    senders.push(
      start(t, 'logging/sender', [String(port), `c${senders.length}`, String(records), batch, pause, 'wait']),
    )
  const ended = Promise.all(senders.map(outcome))
  for (let kill = 0; kill < kills; kill++) {
    await untilLines(file, linesIn(file) + 20 + Math.floor(random() * 500))
    const killed = once(server.child, 'exit')
    server.child.kill('SIGKILL')
    await killed
    server = await startReceiver(t, port, file)
  }
  for (const sender of senders) sender.send('end')
  for (const { code, output } of await ended) t.same({ code, output }, { code: 0, output: '' })
  await stopReceiver(server.child)
  checkClients(t, file, clients, records)
})

t.test('a sender that is killed in mid-frame takes nothing with it', async t => {
  const file = join(t.testdir(), 'all.log')
  const { child, port } = await startReceiver(t, 0, file)
  const torn = start(t, 'logging/mid-frame', [String(port)])
  await once(torn, 'message')
  const killed = once(torn, 'exit')
  torn.kill('SIGKILL')
  await killed
  t.equal((await outcome(start(t, 'logging/sender', [String(port), 'c0', '3', '3', '0']))).code, 0)
  await stopReceiver(child)
  const text = readFileSync(file, 'utf8')
  t.match(text, / - torn - INFO - whole\n/)
  t.notMatch(text, 'half')
  t.same(numbersOf(text, 'c0'), [0, 1, 2])
})

t.test('a full disk costs the oldest records, and a line says how many', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'dareplane-full-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmdirSync(folder)
    t.comment('skipped: mounting a tmpfs of 1 MiB needs root')
    return
  }
  t.teardown(() => {
    execFileSync('umount', ['--lazy', folder])
    rmdirSync(folder)
  })
  const filler = join(folder, 'filler')
  writeFileSync(filler, Buffer.alloc(700 * 1024))
  const file = join(folder, 'all.log')
  const { child, port } = await startReceiver(t, 0, file)
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const send = async (from: number, to: number): Promise<void> => {
    for (let number = from; number < to; number++) {
      const body = {
        name: 'c0',
        msg: `${'x'.repeat(1000)}\nnumber ${number}`,
        args: [],
        levelname: 'INFO',
        levelno: 20,
      }
      if (!socket.write(encodeFrame(JSON.stringify(body)))) await once(socket, 'drain')
    }
  }
  // Twelve MiB on a disk that takes 0.3: the server must take all of them from the socket, and keep the newest eight.
  await send(0, 12_000)
  const other = start(t, 'logging/sender', [String(port), 'other', '1', '1', '0'])
  t.equal((await outcome(other)).code, 0, 'the server still answers')
  unlinkSync(filler)
  const firsts = readFileSync(file, 'utf8')
  t.ok(firsts.length < 400 * 1024)
  execFileSync('mount', ['-o', 'remount,size=32m', folder])
  socket.end()
  socket.resume()
  await once(socket, 'close')
  await stopReceiver(child)
  const text = readFileSync(file, 'utf8')
  const numbers = [...text.matchAll(/^number (\d+)$/gm)].map(found => Number(found[1]))
  const reports = / - dareplane\.logging - WARNING - (\d+) log records were dropped .* \(ENOSPC\)\n/g
  const lost = [...text.matchAll(reports)].reduce((sum, [, count]) => sum + Number(count), 0)
  t.equal(numbers.length + lost, 12_000, `${numbers.length} written, ${lost} counted as lost`)
  t.ok(numbers.length > 7000, 'the newest 8 MiB are there')
  t.equal(numbers.at(-1), 11_999)
  t.ok(
    numbers.every((number, index) => index === 0 || number > numbers[index - 1]!),
    'in order',
  )
  t.equal(text.match(/^x{1,999}$/m), null, 'no torn line')
})

t.test('who was told to wait for the disk is told to go on, however short the congestion', async t => {
  let drains = 0
  const file = new LogFile(join(t.testdir(), 'all.log'), { onDrain: () => drains++, tell: () => undefined })
  await file.open()
  const lines = `${'x'.repeat(64 * 1024 - 1)}\n`
  // The first is being written; with the last the queue is just too long, and with the first gone it no longer is.
  let appended = 0
  for (; !file.isCongested; appended++) file.append([{ text: lines }], () => undefined)
  await file.close()
  t.equal(drains, 1)
  t.equal(statSync(file.path).size, appended * lines.length)
})

t.test('a file that is moved away, or whose disk is well, is written all the same', async t => {
  const file = new LogFile(join(t.testdir(), 'all.log'), { onDrain: () => undefined, tell: () => undefined })
  await file.open()
  let kept = 0
  file.append([{ text: 'one\n' }], () => kept++)
  await file.close()
  await file.close()
  t.equal(kept, 1)
  t.equal(readFileSync(file.path, 'utf8'), 'one\n')
})
