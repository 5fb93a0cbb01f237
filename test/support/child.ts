import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { testFolder } from './loopback.js'

/** Starts a fixture of test/fixtures on the built code, in the folder with the loopback configuration. */
export function startFixture(file: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(testFolder, 'fixtures', file), ...args], {
    cwd: testFolder,
    stdio: ['pipe', 'pipe', 'inherit'],
    // What tap gives its own processes is not for these: they run built code.
    env: { ...process.env, NODE_OPTIONS: '' },
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
