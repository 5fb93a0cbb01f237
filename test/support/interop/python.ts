import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { join } from 'node:path'
import { testFolder } from '../project.js'

const python = process.env['INTEROP_PYTHON']

/** What to give an interop test as `skip`: it needs the Python peers, whose interpreter scripts/interop.js names. */
export const withoutPython: string | false = python ? false : 'INTEROP_PYTHON is not set: run npm run test:interop'

/** Runs a script of test/interop with the Python peers and answers what it prints. */
export async function runPython(script: string, ...args: string[]): Promise<string> {
  if (!python) throw new Error('INTEROP_PYTHON is not set')
  const path = join(testFolder, 'interop', script)
  const { stdout } = await promisify(execFile)(python, [path, ...args], { maxBuffer: 2 ** 28, timeout: 150_000 })
  return stdout
}
