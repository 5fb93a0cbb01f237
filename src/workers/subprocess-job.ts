import { spawn, type ChildProcess } from 'node:child_process'
import type { Logger } from 'pino'
import { setTimeout as delay } from 'node:timers/promises'
import { DareplaneError } from '../errors.js'
import { StopEvent } from '../stop-event.js'
import { jobLogger } from './job-logger.js'
import type { Job, JobEnd, JobState } from './job.js'
import { readLines } from './output-lines.js'
import { groupExists, isGroupAlive, kill, signalGroup, strayProcesses } from './process-group.js'
import { guardGroup, markJob, unguardGroup } from './process-guard.js'
import { within } from './within.js'

/** How long processes may take to vanish after SIGKILL; beyond that they hang in the kernel. */
const KILL_LIMIT_MS = 400
/** How long the last lines of a program that is gone may take. */
const OUTPUT_LIMIT_MS = 100
/** How often a group whose first process has left by itself is looked at. */
const IDLE_POLL_MS = 250

export interface SubprocessJobOptions {
  readonly cwd?: string | URL
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Written to the program's standard input, which is then closed. Without it there is none. */
  readonly input?: string
  /** The first signal of a stop, to the whole group, default SIGTERM; SIGINT for Python programs that clean up on it. */
  readonly stopSignal?: NodeJS.Signals
  /** When SIGTERM follows another first signal, default 300 ms after the first signal. */
  readonly termAfterMs?: number
  /** When SIGKILL follows, default 1300 ms after the first signal. */
  readonly stopTimeoutMs?: number
  /** What the job is called in the log, default the program's file name. */
  readonly name?: string
  readonly logger?: Logger
  /** Takes each line of the standard output, instead of the log. */
  readonly onLine?: (line: string) => void
}

/** A job in a group of processes of its own: the program and all that it starts. Made by {@link startSubprocessJob}. */
export class SubprocessJob implements Job {
  readonly kind = 'subprocess'
  readonly name: string
  /** Set by {@link SubprocessJob.stop} and when the job has ended; setting it stops the job, limits and all. */
  readonly stopEvent = new StopEvent()
  readonly done: Promise<JobEnd>
  /** The first process and number of the group; undefined when the program could not be started. */
  readonly pid: number | undefined
  #state: JobState = 'running'
  #error: Error | undefined
  #forced = false
  #stopping: Promise<JobEnd> | undefined
  readonly #logger: Logger
  readonly #mark: string
  readonly #limits: {
    readonly stopSignal: NodeJS.Signals
    readonly termAfterMs: number
    readonly stopTimeoutMs: number
  }

  /** @internal */
  constructor(file: string, args: readonly string[], options: SubprocessJobOptions = {}) {
    // apply defaults
    const { stopSignal = 'SIGTERM', termAfterMs = 300, stopTimeoutMs = 1300, logger = jobLogger() } = options
    // validate
    if (typeof file !== 'string' || file === '') throw new TypeError(`file must be the path of a program, got ${file}`)
    if (!Array.isArray(args) || !args.every(arg => typeof arg === 'string' && !arg.includes('\0'))) {
      throw new TypeError('args must be strings without NUL')
    }
    if (!(termAfterMs >= 0)) throw new RangeError(`termAfterMs must be >= 0, got ${termAfterMs}`)
    if (!(stopTimeoutMs >= 0)) throw new RangeError(`stopTimeoutMs must be >= 0, got ${stopTimeoutMs}`)
    // interpret
    this.name = options.name ?? file.split(/[/\\]/).at(-1) ?? file
    this.#logger = logger
    this.#limits = { stopSignal, termAfterMs: Math.min(termAfterMs, stopTimeoutMs), stopTimeoutMs }
    const { mark, environment } = markJob()
    this.#mark = mark
    // acquire
    const child = spawn(file, args, {
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      env: { ...process.env, ...options.env, ...environment },
      // A group of its own; on Windows that would open a console, and taskkill finds the tree anyway.
      detached: process.platform !== 'win32',
      windowsHide: true,
      shell: false,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    this.pid = child.pid
    if (child.pid !== undefined) guardGroup(child.pid)
    this.#relay(child, options)
    this.done = this.#watch(child)
    void this.stopEvent.waitAsync().then(() => this.stop())
  }

  get state(): JobState {
    return this.#state
  }

  stop(): Promise<JobEnd> {
    this.#stopping ??= this.#leave()
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #relay({ stdin, stdout, stderr }: ChildProcess, { input, onLine }: SubprocessJobOptions): void {
    // A program that has left without reading its input.
    stdin?.on('error', () => undefined)
    if (input !== undefined) stdin?.end(input)
    const fields = { job: this.name, pid: this.pid }
    if (stdout) readLines(stdout, onLine ?? (line => this.#logger.info(fields, line)))
    if (stderr) readLines(stderr, line => this.#logger.warn(fields, line))
  }

  async #watch(child: ChildProcess): Promise<JobEnd> {
    const outputEnded = new Promise(resolve => child.once('close', resolve))
    const error = await new Promise<Error | undefined>(resolve => {
      child.once('error', cause => {
        if (child.pid === undefined) resolve(notStarted(this.name, cause))
      })
      child.once('exit', (code, signal) => resolve(code === 0 ? undefined : leftWith(this.name, code, signal)))
    })
    if (this.pid !== undefined) {
      await this.#groupGone(this.pid)
      if (this.#stopping !== undefined) await this.#killStrays(this.pid)
      await within(OUTPUT_LIMIT_MS, outputEnded)
    }
    if (this.#stopping === undefined || child.pid === undefined) this.#error = error
    return this.#end()
  }

  // The program may have left others behind: the job is its group, not its first process.
  async #groupGone(group: number): Promise<void> {
    // Looking for zombies, which in a container nobody may reap, costs milliseconds: only when the group does not vanish.
    for (let pollMs = 1; (pollMs < 4 ? groupExists : isGroupAlive)(group); pollMs = Math.min(2 * pollMs, 20)) {
      await (this.#stopping === undefined ? this.stopEvent.waitAsync(IDLE_POLL_MS) : delay(pollMs))
    }
    unguardGroup(group)
  }

  async #leave(): Promise<JobEnd> {
    if (isEnded(this.#state)) return this.done
    this.#state = 'stopping'
    this.stopEvent.set()
    const { stopSignal, termAfterMs, stopTimeoutMs } = this.#limits
    const steps: readonly [NodeJS.Signals, number][] = [
      [stopSignal, termAfterMs],
      ['SIGTERM', stopTimeoutMs - termAfterMs],
      ['SIGKILL', KILL_LIMIT_MS],
    ]
    for (const [signal, limitMs] of steps) {
      if (signal === 'SIGKILL') this.#force()
      if (this.pid !== undefined) signalGroup(this.pid, signal)
      const end = await within(limitMs, this.done)
      if (end) return end
    }
    this.#logger.error({ job: this.name, pid: this.pid }, 'job survives SIGKILL')
    return { outcome: 'stuck' }
  }

  #force(): void {
    this.#forced = true
    this.#logger.warn({ job: this.name, pid: this.pid, ...this.#limits }, 'job did not stop in time, killing it')
  }

  #end(): JobEnd {
    this.#state = this.#error ? 'failed' : this.#forced ? 'forced' : 'returned'
    this.stopEvent.set()
    if (this.#error) this.#logger.error({ job: this.name, err: this.#error }, 'job failed')
    else this.#logger.debug({ job: this.name, outcome: this.#state }, 'job ended')
    return { outcome: this.#state, ...(this.#error && { error: this.#error }) }
  }

  async #killStrays(group: number): Promise<void> {
    const pids = strayProcesses(this.#mark, group)
    if (pids.length === 0) return
    this.#logger.warn({ job: this.name, pids }, 'processes of a job had left its group, killing them')
    for (const pid of pids) kill(pid, 'SIGKILL')
    for (let ms = 0; ms < KILL_LIMIT_MS && strayProcesses(this.#mark, group).length > 0; ms += 20) await delay(20)
  }
}

/**
 * Starts a program, never through a shell, in a process group of its own, and logs what it writes line by line. Returns at
 * once; a program that cannot be started is a job that has failed. When this process dies, by whatever signal, so do they.
 */
export function startSubprocessJob(
  file: string,
  args: readonly string[] = [],
  options: SubprocessJobOptions = {},
): SubprocessJob {
  return new SubprocessJob(file, args, options)
}

function isEnded(state: JobState): boolean {
  return state === 'returned' || state === 'failed' || state === 'forced'
}

function notStarted(name: string, cause: Error): DareplaneError {
  return new DareplaneError('ERR_JOB_FAILED', `job ${name} could not be started: ${cause.message}`, { cause })
}

function leftWith(name: string, code: number | null, signal: NodeJS.Signals | null): DareplaneError {
  const how = signal === null ? `exit code ${code}` : signal
  return new DareplaneError('ERR_JOB_FAILED', `job ${name} left with ${how}`)
}
