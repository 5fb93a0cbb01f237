import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { client, closing, mebibytes, receiver, rssOf, send, stop, writesTheNextRecord } from './support.js'
import { fixture } from '../../support/project.js'
import { frame, record } from './support.js'

const CONNECTIONS = 100
const MOST_GROWTH = 8 * 1024 * 1024

/** Lengths of four gigabytes, from 100 connections at once, cost no memory and no other client anything. */
export async function hugeLengths({ folder }) {
  const file = join(folder, 'lengths.log')
  const server = await receiver(0, file)
  const good = await client(server.port)
  // Connections alone take memory: not theirs is to be measured.
  await attack(server.port)
  const before = rssOf(server.child.pid)
  await attack(server.port)
  const grown = rssOf(server.child.pid) - before
  const closed = closing(good)
  good.end(frame(JSON.stringify(record({ msg: 'of the other client' }))))
  await closed
  assert.match(readFileSync(file, 'utf8'), /a - INFO - of the other client\n$/)
  await writesTheNextRecord(server, file)
  await stop(server.child)
  assert.equal(readFileSync(file, 'utf8').match(/4294967295/g)?.length, CONNECTIONS * 2)
  assert.ok(grown < MOST_GROWTH, `the receiver grew by ${mebibytes(grown)}`)
  return `${CONNECTIONS} connections, the server grew by ${mebibytes(grown)}`
}

async function attack(port) {
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => client(port)))
  const closed = sockets.map(closing)
  for (const socket of sockets) socket.write(Buffer.from([255, 255, 255, 255, 1, 2, 3]))
  await Promise.all(closed)
}

/** Processes that are killed in the middle of a frame take nothing with them. */
export async function tornFrames({ folder, seconds }) {
  const file = join(folder, 'torn.log')
  const server = await receiver(0, file)
  const processes = Math.max(2, Math.min(50, Math.round(seconds)))
  for (let killed = 0; killed < processes; killed++) {
    const sender = fork(fixture('logging/mid-frame.js'), [String(server.port)])
    await once(sender, 'message')
    const exited = once(sender, 'exit')
    sender.kill('SIGKILL')
    await exited
  }
  await send(server.port, frame(JSON.stringify(record({ msg: 'number 0', name: 'c0' }))))
  await writesTheNextRecord(server, file)
  await stop(server.child)
  const text = readFileSync(file, 'utf8')
  assert.equal(text.match(/ - torn - INFO - whole\n/g)?.length, processes)
  assert.doesNotMatch(text, /half/)
  return `${processes} processes killed in mid-frame, all whole records written, no half one`
}
