import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import { childEnvironment } from '../child.js'
import { fixture } from '../project.js'

/** Starts test/fixtures/`name`.js. Killed when the test ends. */
export function start(
  t: Test,
  name: string,
  args: readonly string[],
  { cwd = process.cwd(), env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): ChildProcess {
  const childEnv = childEnvironment({ DAREPLANE_CRASH_LOG: 'crash.log', ...env })
  const child = fork(fixture(`${name}.js`), args, { cwd, env: childEnv, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

/** A log server in a process of its own, and its port. */
export async function startReceiver(
  t: Test,
  port: number,
  file: string,
): Promise<{ child: ChildProcess; port: number }> {
  const child = start(t, 'logging/receiver', [String(port), file])
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
