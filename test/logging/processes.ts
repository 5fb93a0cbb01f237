import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

/** Starts test/fixtures/`name`.js, which uses the built code. Killed when the test ends. */
export function start(t: Test, name: string, args: readonly string[], { cwd = process.cwd() } = {}): ChildProcess {
  const path = fileURLToPath(new URL(`../fixtures/${name}.js`, import.meta.url))
  // Without the loaders of the test runner, which cost a second.
  const env = { ...process.env, DAREPLANE_CRASH_LOG: 'crash.log' }
  const child = fork(path, args, { cwd, env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

/** A log server in a process of its own, and its port. */
export async function startReceiver(
  t: Test,
  port: number,
  file: string,
): Promise<{ child: ChildProcess; port: number }> {
  const child = start(t, 'logging-receiver', [String(port), file])
  const [listening] = (await once(child, 'message')) as [number]
  return { child, port: listening }
}

/** Stops such a server, which writes all that it has. */
export async function stopReceiver(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

/** What a child says on stderr and stdout until it ends, and its exit code. */
export async function outcome(
  child: ChildProcess,
): Promise<{ output: string; code: number | null; signal: string | null }> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (output += String(chunk)))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { output, code, signal }
}

/** A port where nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
