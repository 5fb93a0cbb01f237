import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { DareplaneError } from '../../errors.js'
import { platform } from '../../system/platform.js'
import { readLines } from './output-lines.js'

export interface ProgramOptions {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd?: string | URL | undefined
  /** Added to the environment of this process. */
  readonly env: Readonly<Record<string, string>>
  /** Written to the standard input, which is then closed unless there is a `stopInput`. */
  readonly input?: string | undefined
  /** Written to the standard input to ask the program to leave. */
  readonly stopInput?: string | undefined
  /** Give the program a channel, as fork does. Closing it asks the program to leave. */
  readonly hasChannel: boolean
  readonly longestLine?: number | undefined
  readonly onOutput: (line: string) => void
  readonly onError: (line: string) => void
}

/** A program that was started without a shell, in a process group of its own. */
export class Program {
  /** Its first process; undefined when it could not be started. */
  readonly pid: number | undefined
  /** Resolves when its first process has left or there is none, to the reason where that was no success. Never rejects. */
  readonly left: Promise<DareplaneError | undefined>
  /** Resolves when all that it has written was taken. Never rejects. */
  readonly outputTaken: Promise<unknown>
  readonly #child: ChildProcess | undefined
  readonly #stopInput: string | undefined

  /** `name` is what it is called in messages. Does not throw when the program cannot be started. */
  constructor(name: string, options: ProgramOptions) {
    const { file, input, stopInput, longestLine, onOutput, onError } = options
    const child = start(options)
    if (child instanceof Error) {
      this.left = Promise.resolve(couldNotStart(name, file, child))
      this.outputTaken = this.left
      return
    }
    this.#child = child
    this.#stopInput = stopInput
    this.pid = child.pid
    this.left = new Promise(resolve => {
      // With a process, it is a signal or a message that could not be sent: the end of the process tells more.
      child.on('error', cause => child.pid === undefined && resolve(couldNotStart(name, file, cause)))
      child.once('exit', (code, signal) => resolve(code === 0 ? undefined : leftWith(name, code, signal)))
    })
    const { stdin, stdout, stderr } = child
    this.outputTaken = Promise.all([
      stdout && readLines(stdout, onOutput, longestLine),
      stderr && readLines(stderr, onError, longestLine),
    ])
    // A program that leaves without reading its input breaks the pipe.
    stdin?.on('error', () => undefined)
    if (input !== undefined) stdin?.write(input)
    if (stopInput === undefined) stdin?.end()
  }

  /** Asks the program to leave by itself, without a signal. False where there is no such way. */
  ask(): boolean {
    if (this.#stopInput !== undefined) this.#child?.stdin?.end(this.#stopInput)
    else if (this.#child?.connected) this.#child.disconnect()
    else return false
    return true
  }
}

function start({ file, args, cwd, env, input, stopInput, hasChannel }: ProgramOptions): ChildProcess | Error {
  const hasInput = input !== undefined || stopInput !== undefined
  try {
    return spawn(file, args, {
      ...(cwd !== undefined && { cwd }),
      env: mergedEnvironment(process.env, env, platform() === 'windows'),
      // A group of its own. On Windows that would open a console, and a Job Object finds the processes anyway.
      detached: platform() !== 'windows',
      windowsHide: true,
      shell: false,
      stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe', ...(hasChannel ? (['ipc'] as const) : [])],
    })
  } catch (error) {
    // Arguments that are too long, or no memory, are thrown; what is wrong with the file comes as an event.
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** On Windows the names of variables have no case: what is added replaces `Path` as well as `PATH`. */
export function mergedEnvironment(
  base: NodeJS.ProcessEnv,
  added: Readonly<Record<string, string>>,
  isCaseless: boolean,
): NodeJS.ProcessEnv {
  if (!isCaseless) return { ...base, ...added }
  const replaced = new Set(Object.keys(added).map(name => name.toUpperCase()))
  const kept = Object.entries(base).filter(([name]) => !replaced.has(name.toUpperCase()))
  return { ...Object.fromEntries(kept), ...added }
}

function couldNotStart(name: string, file: string, cause: Error): DareplaneError {
  const isScript = platform() === 'windows' && /\.(cmd|bat)$/i.test(file)
  const advice = isScript ? '; start node or python.exe with the script instead of a .cmd or .bat file' : ''
  const message = `job ${name} could not be started: ${cause.message}${advice}`
  return new DareplaneError('ERR_JOB_FAILED', message, { cause })
}

function leftWith(name: string, code: number | null, signal: NodeJS.Signals | null): DareplaneError {
  const how = signal === null ? `exit code ${code}` : signal
  return new DareplaneError('ERR_JOB_FAILED', `job ${name} left with ${how}`)
}
