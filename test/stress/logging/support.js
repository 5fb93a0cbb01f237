// What the parts of the logging stress share: processes, frames, and the counting of a client's lines.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { fixture } from '../../support/project.js'
import { platform } from '../../../src/system/platform.js'

/** A log server in a process of its own. */
export async function receiver(port, file, ...more) {
  const child = fork(fixture('logging/receiver.js'), [String(port), file, ...more])
  const [listening] = await once(child, 'message')
  return { child, port: listening }
}

export async function stop(child) {
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

export function frame(body) {
  const bytes = Buffer.from(body)
  const whole = Buffer.alloc(4 + bytes.length)
  whole.writeUInt32BE(bytes.length)
  bytes.copy(whole, 4)
  return whole
}

export const record = fields => ({
  ...{ name: 'a', args: [], levelname: 'INFO', levelno: 20, created: 1.5, msecs: 500 },
  ...fields,
})

/** A connection to a server on this host that reads what comes and survives whatever happens to it. */
export async function client(port) {
  const socket = connect(port, '127.0.0.1').resume()
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Resolves when `socket` is closed. Not events.once, which an error would end: a refused frame resets the connection. */
export const closing = socket => new Promise(resolve => socket.once('close', resolve))

/** Sends `bytes` and resolves when the server has closed its side, which it does when all is in the file. */
export async function send(port, bytes) {
  const socket = await client(port)
  const closed = closing(socket)
  socket.end(bytes)
  await closed
}

/** The one sign that a server is well: the next good record is in the file when its client has gone. */
export async function writesTheNextRecord({ child, port }, file) {
  await send(port, frame(JSON.stringify(record({ msg: 'the next good record' }))))
  assert.equal(child.exitCode, null, 'the receiver has ended')
  assert.ok(readFileSync(file).subarray(-4096).toString().endsWith('a - INFO - the next good record\n'))
}

/** Memory of a process that is its own, in bytes; 0 where that cannot be asked. */
export function rssOf(pid) {
  if (platform() !== 'linux') return 0
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
}

export const mebibytes = bytes => `${(bytes / 2 ** 20).toFixed(1)} MiB`

/** What each client's lines in a file hold: how many, how far they go without a gap, and how many are out of order. */
export async function countLines(file, clients) {
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
