import { fork } from 'node:child_process'
import type { ChildProcess, ForkOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { WorkerOptions } from 'node:worker_threads'
import { DareplaneError } from '../errors.js'

/** Options of node that are meant for the one program that it was started with, alone or with the word that follows. */
const ALONE = /^--(input-type|eval|print|inspect|watch|test)/
const WITH_NEXT = new Set(['-e', '--eval', '-p', '--print', '-pe', '--input-type'])

/** The options of this process that another program may be started with: loaders and limits, but no code and no debugger. */
export function inheritedArguments(given: readonly string[] = process.execArgv): string[] {
  return given.filter(
    (word, index) => !ALONE.test(word) && !WITH_NEXT.has(word) && !WITH_NEXT.has(given[index - 1] ?? ''),
  )
}

/** Whether node itself refuses to start a thread from a file: it was given code as text, and a type for that text. */
export function refusesFiles(given: readonly string[] = process.execArgv): boolean {
  return given.some(word => word.startsWith('--input-type'))
}

/**
 * A thread or process of ours starts from a file beside the code that starts it. A bundler takes the code and leaves the file.
 * Throws ERR_WORKER_FAILED then, which the thread itself could tell only later.
 */
function mustShip(file: URL): void {
  const path = fileURLToPath(file)
  if (existsSync(path)) return
  const why = `dareplane-utils needs ${basename(path)}, and there is no ${path}`
  const advice =
    'leave the package out of a bundle (esbuild --external:dareplane-utils), or put the files of its dist/bundle beside it'
  throw new DareplaneError('ERR_WORKER_FAILED', `${why}: ${advice}`)
}

/** Starts a thread from a file of this package. It inherits the options of this process, loaders among them. */
export function startThread(file: URL, options: WorkerOptions = {}): Worker {
  mustShip(file)
  if (!refusesFiles()) return new Worker(file, options)
  // With such options node accepts code as text only, and that text imports the file.
  return new Worker(`import(${JSON.stringify(file.href)})`, { ...options, eval: true })
}

/** Starts a process of node from a file of this package. It inherits the environment and no options of this process. */
export function startProcess(file: URL, args: readonly string[], options: ForkOptions): ChildProcess {
  mustShip(file)
  // `windowsHide` keeps Windows from opening a console. fork hands it on, though its type does not know it.
  const hidden = { ...options, execArgv: [], windowsHide: true }
  return fork(fileURLToPath(file), args, hidden)
}
