// The log server under mutated frames, under 32 clients at full speed, and stopped and killed under ten clients.
// Arguments: --seconds N (a third for each part; from 90 s on the server is stopped for 20 s), --seed N.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } } })
const partS = Number(values.seconds) / 3
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const folder = mkdtempSync(join(tmpdir(), 'dareplane-logging-'))
const fixture = name => join(import.meta.dirname, '..', 'fixtures', `${name}.js`)
const MOST_RSS_GROWTH = 128 * 1024 * 1024

/** mulberry32: small, seeded, good enough to break things. */
let state = seed
function random(below) {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) % below
}

function must(condition, text) {
  if (!condition) throw new Error(`${text} (seed ${seed})`)
}

async function receiver(port, file) {
  const child = fork(fixture('logging-receiver'), [String(port), file])
  const [listening] = await once(child, 'message')
  return { child, port: listening }
}

/** Not events.once, which an error would end: a refused frame resets the connection. */
const closing = socket => new Promise(resolve => socket.once('close', resolve))

async function stop(child) {
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

const rssOf = pid => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024

function frame(body) {
  const bytes = Buffer.from(body)
  const whole = Buffer.alloc(4 + bytes.length)
  whole.writeUInt32BE(bytes.length)
  bytes.copy(whole, 4)
  return whole
}

const record = fields => ({ name: 'a', args: [], levelname: 'INFO', levelno: 20, created: 1.5, msecs: 500, ...fields })
const SEEDS = [
  record({ msg: 'plain' }),
  record({ msg: '%s %d %(a)s', args: ['x', 1] }),
  record({ msg: '%(a)5.3f', args: { a: 1.5 } }),
  record({ msg: 'm', args: "('a', 1, <x>)", created: '1.5', msecs: '1', exc_text: 'None' }),
  record({ msg: 'NaN 12345678901234567890', exc_text: 'Traceback\n  2026-11-22 05:33:01,898 - x' }),
  record({ msg: 'ours', dareplaneDelivery: ['s', 1] }),
].map(each => frame(JSON.stringify(each)))

/** One to eight changes: a byte, a cut, a doubling, a splice of two frames; the length is put right half of the time. */
function mutant() {
  let bytes = Buffer.from(SEEDS[random(SEEDS.length)])
  for (let changes = 1 + random(8); changes > 0; changes--) {
    const at = random(bytes.length)
    const kind = random(5)
    if (kind < 2) bytes[at] = random(256)
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random(20))])
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(0, at), bytes.subarray(at)])
    else bytes = Buffer.concat([bytes.subarray(0, at), SEEDS[random(SEEDS.length)].subarray(random(40))])
    if (bytes.length < 5) bytes = Buffer.from(SEEDS[0])
    if (bytes.length > 4096) bytes = bytes.subarray(0, 4096)
  }
  const rightLength = random(2) === 0
  if (rightLength) bytes.writeUInt32BE(bytes.length - 4)
  return bytes
}

async function mutations() {
  const file = join(folder, 'mutations.log')
  const { child, port } = await receiver(0, file)
  const before = rssOf(child.pid)
  const wanted = Math.min(1e6, Math.round(40_000 * partS))
  let sent = 0
  let mostRss = before
  while (sent < wanted) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.resume()
    const closed = closing(socket)
    const batch = Array.from({ length: 200 }, mutant)
    sent += batch.length
    socket.end(Buffer.concat(batch))
    await closed
    if (sent % 20_000 === 0) mostRss = Math.max(mostRss, rssOf(child.pid))
  }
  const good = connect(port, '127.0.0.1').resume()
  const closed = closing(good)
  good.end(frame(JSON.stringify(record({ msg: 'the next good record' }))))
  await closed
  must(child.exitCode === null, 'the receiver has ended')
  await stop(child)
  const tail = readFileSync(file).subarray(-4096).toString()
  must(tail.endsWith('a - INFO - the next good record\n'), 'the next good record is not written')
  must(mostRss - before < MOST_RSS_GROWTH, `the receiver grew by ${mostRss - before} bytes`)
  console.log(
    `mutations: ${sent} frames, receiver grew by at most ${((mostRss - before) / 2 ** 20).toFixed(1)} MiB, seed ${seed}`,
  )
}

/** What each client's lines in a file hold: how often, how far, and whether in order. */
async function countLines(file, clients) {
  const seen = Array.from({ length: clients }, () => ({ lines: 0, next: 0, disorder: 0 }))
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const found = / - c(\d+) - INFO - number (\d+)$/.exec(line)
    if (!found) continue
    const one = seen[Number(found[1])]
    const number = Number(found[2])
    one.lines++
    if (number === one.next) one.next++
    else if (number > one.next) one.disorder++
  }
  return seen
}

async function fullSpeed() {
  const clients = 32
  const file = join(folder, 'speed.log')
  const { child, port } = await receiver(0, file)
  const counts = new Array(clients).fill(0)
  const until = performance.now() + partS * 1000
  const started = performance.now()
  await Promise.all(
    counts.map(async (_, client) => {
      const socket = connect(port, '127.0.0.1').resume()
      await once(socket, 'connect')
      const closed = closing(socket)
      while (performance.now() < until) {
        const frames = []
        for (let i = 0; i < 50; i++) {
          frames.push(frame(JSON.stringify(record({ name: `c${client}`, msg: `number ${counts[client]++}` }))))
        }
        if (!socket.write(Buffer.concat(frames))) await once(socket, 'drain')
        else await new Promise(resolve => setImmediate(resolve))
      }
      socket.end()
      await closed
    }),
  )
  const tookS = (performance.now() - started) / 1000
  await stop(child)
  const seen = await countLines(file, clients)
  for (const [client, { lines, next, disorder }] of seen.entries()) {
    must(
      lines === counts[client] && next === counts[client] && disorder === 0,
      `client ${client}: ${lines} of ${counts[client]} lines`,
    )
  }
  const total = counts.reduce((sum, count) => sum + count, 0)
  console.log(`full speed: 32 clients, ${total} records in ${tookS.toFixed(1)} s, 0 lost, in order`)
}

async function stoppedAndKilled() {
  const clients = 10
  const records = 4000
  const stoppedMs = partS >= 30 ? 20_000 : 2000
  const file = join(folder, 'killed.log')
  const first = await receiver(0, file)
  const senders = Array.from({ length: clients }, (_, client) =>
    fork(fixture('logging-sender'), [
      String(first.port),
      `c${client}`,
      String(records),
      '10',
      String(stoppedMs / 100),
      'wait',
    ]),
  )
  const ended = Promise.all(senders.map(sender => once(sender, 'exit')))
  const linesIn = () => readFileSync(file, 'utf8').split('\n').length - 1
  // A client that has not met the server before that is stopped keeps its last 2048 records only (docs/logging.md).
  while ((await countLines(file, clients)).some(({ lines }) => lines < 50)) await after(20)
  first.child.kill('SIGSTOP')
  await after(stoppedMs)
  first.child.kill('SIGCONT')
  const lines = linesIn()
  while (linesIn() < lines + 500) await after(5)
  const killed = once(first.child, 'exit')
  first.child.kill('SIGKILL')
  await killed
  const second = await receiver(first.port, file)
  for (const sender of senders) sender.send('end')
  must(
    (await ended).every(([code]) => code === 0),
    'a sender failed',
  )
  await stop(second.child)
  const seen = await countLines(file, clients)
  for (const [client, { next, disorder }] of seen.entries()) {
    must(next === records && disorder === 0, `client ${client}: ${next} of ${records}, ${disorder} out of order`)
  }
  const twice = seen.reduce((sum, { lines: count }) => sum + count - records, 0)
  console.log(
    `stopped ${stoppedMs / 1000} s and killed: 10 clients of ${records} records, 0 lost, in order, ${twice} written twice`,
  )
}

try {
  await mutations()
  await fullSpeed()
  await stoppedAndKilled()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
