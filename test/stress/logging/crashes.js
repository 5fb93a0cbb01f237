import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { receiver, stop } from './support.js'
import { fixture } from '../../support/project.js'

const PROMISED_MS = 300
const ROUNDS = { up: 10, absent: 10, stopped: 10 }

/** A crashing process has its errors in a local file and is gone within 300 ms, wherever the server is. */
export async function crashes({ folder }) {
  const words = []
  for (const [server, rounds] of Object.entries(ROUNDS)) {
    const times = []
    for (let round = 0; round < rounds; round++) times.push(await crash(server, mkdtempSync(join(folder, 'crash-'))))
    times.sort((a, b) => a - b)
    const [middle, worst] = [times[Math.floor(rounds / 2)], times.at(-1)]
    words.push(`server ${server} ${middle} ms (at most ${worst})`)
    assert.ok(middle <= PROMISED_MS, `${words.at(-1)}, promised ${PROMISED_MS} ms`)
  }
  return `from the throw to the end of the process, median: ${words.join(', ')}`
}

async function crash(server, folder) {
  const target = server === 'absent' ? undefined : await receiver(0, join(folder, 'all.log'))
  if (server === 'stopped') target.child.kill('SIGSTOP')
  const port = target?.port ?? (await closedPort())
  const env = { ...process.env, DAREPLANE_CRASH_LOG: join(folder, 'crash.log') }
  const child = fork(fixture('logging/crash.js'), [String(port), 'throw'], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const exited = once(child, 'exit')
  const [crashMs] = await once(child, 'message')
  await exited
  const tookMs = Date.now() - crashMs
  assert.match(
    readFileSync(join(folder, 'crash.log'), 'utf8'),
    / - mod - CRITICAL - uncaught RangeError: out of hand\n/,
  )
  if (target) {
    target.child.kill('SIGCONT')
    await stop(target.child)
  }
  return tookMs
}

/** A port where nobody listens. */
async function closedPort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await new Promise(resolve => server.close(resolve))
  return port
}
