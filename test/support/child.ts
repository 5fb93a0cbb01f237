import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import './loopback.js'
import { fixture, loopbackFolder } from './project.js'

/** What would colour the figures that a child prints, or load code into it. */
const UNWANTED = new Set(['FORCE_COLOR', 'CLICOLOR_FORCE', 'NO_COLOR', 'NODE_OPTIONS', 'NODE_DISABLE_COLORS'])

/** The environment for every process that a test starts, whatever terminal the tests are run from. */
export function childEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !UNWANTED.has(name))), ...more }
}

/** Runs node to its end in the folder with the loopback configuration; rejects when it fails or takes too long. */
export function runNode(
  args: readonly string[],
  { env = {}, timeoutMs = 150_000 }: { env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<{ stdout: string; stderr: string }> {
  const options = { cwd: loopbackFolder, env: childEnvironment(env), timeout: timeoutMs }
  return promisify(execFile)(process.execPath, args, options)
}

/** Starts a program of test/fixtures in the folder with the loopback configuration. */
export function startFixture(file: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [fixture(file), ...args], {
    cwd: loopbackFolder,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: childEnvironment(),
  })
}

/** Resolves with the first line of stdout that starts with `word`; rejects when the process ends before. */
export async function lineOf(child: ChildProcess, word: string): Promise<string> {
  const lines = createInterface({ input: child.stdout! })
  try {
    for await (const line of lines) if (line.startsWith(word)) return line
  } finally {
    lines.close()
  }
  throw new Error(`the child ended without a line '${word}'`)
}

/** Ends a child for good; resolves when it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}
