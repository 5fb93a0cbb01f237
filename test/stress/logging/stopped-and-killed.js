import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { countLines, receiver, stop } from './support.js'
import { fixture } from '../../support/project.js'

const CLIENTS = 10
const RECORDS = 4000

/** The server is stopped, killed and started anew while ten processes log: all arrives, in order. In full: stopped for 20 s. */
export async function stoppedAndKilled({ folder, seconds }) {
  const stoppedMs = Math.min(20, seconds) * 1000
  const file = join(folder, 'killed.log')
  const first = await receiver(0, file)
  const senders = Array.from({ length: CLIENTS }, (_, number) => {
    const pauseMs = String(stoppedMs / 100)
    return fork(fixture('logging/sender.js'), [
      String(first.port),
      `c${number}`,
      String(RECORDS),
      '10',
      pauseMs,
      'wait',
    ])
  })
  const ended = Promise.all(senders.map(sender => once(sender, 'exit')))
  const linesIn = () => readFileSync(file, 'utf8').split('\n').length - 1
  // A client that has not met the server before that is stopped keeps its last 2048 records only (docs/logging.md).
  while ((await countLines(file, CLIENTS)).some(({ lines }) => lines < 50)) await after(20)
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
  for (const [code] of await ended) assert.equal(code, 0, 'a sender failed')
  await stop(second.child)
  const seen = await countLines(file, CLIENTS)
  for (const { next, disorder } of seen) assert.deepEqual({ next, disorder }, { next: RECORDS, disorder: 0 })
  for (const { lines } of seen) assert.equal(lines, RECORDS, 'records were written twice')
  return `stopped ${stoppedMs / 1000} s and killed: ${CLIENTS} clients of ${RECORDS} records, each written once, in order`
}
