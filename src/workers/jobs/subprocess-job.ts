import { constants } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { callback, list, logger, milliseconds, mustBe, nonEmpty, object, oneOf, options, text } from '../../check.js'
import { StopEvent } from '../../stop-event.js'
import { within } from '../../system/within.js'
import { jobLogger } from './default-job-logger.js'
import type { Job, JobEnd, JobState } from './job.js'
import { Program } from './program.js'
import { openTree } from './tree/open-tree.js'
import { guardGroup, markJob, unguardGroup } from './tree/orphan-guard.js'
import type { ProcessTree } from './tree/process-tree.js'

/** How long the last lines of a program that is gone may take. */
const OUTPUT_LIMIT_MS = 300
/** How often the processes that a program has left behind are looked at. */
const IDLE_POLL_MS = 250
const STRAY_POLL_MS = 20

/** How a program is started, and how it is stopped. */
export interface SubprocessJobOptions {
  readonly cwd?: string | URL
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Written to the program's standard input, which is then closed. */
  readonly input?: string
  /**
   * Written to the program's standard input as the first step of a stop, in place of `stopSignal`; the input is open until then.
   * On Windows, which has no signals, it is the only way to stop a program that is not killed.
   */
  readonly stopInput?: string
  /** The first signal of a stop, to the whole group, default SIGTERM; SIGINT for Python programs that clean up on it. */
  readonly stopSignal?: NodeJS.Signals
  /** When SIGTERM follows the first step of a stop, default 300 ms after it; Infinity is never. */
  readonly termAfterMs?: number
  /** When SIGKILL follows, default 1300 ms after the first step; Infinity is never. */
  readonly stopTimeoutMs?: number
  /** What the job is called in the log, default the program's file name. */
  readonly name?: string
  readonly logger?: Logger
  /** Takes each line of the standard output, instead of the log. */
  readonly onLine?: (line: string) => void
}

const limit = milliseconds({ forever: true })
const word = mustBe(
  'a string without NUL',
  (value): value is string => typeof value === 'string' && !value.includes('\0'),
)
const programArguments = list(word)

const checked = options<SubprocessJobOptions>(
  'startSubprocessJob',
  "startSubprocessJob('python', ['-m', 'my_module'], { cwd: '/my/folder' })",
  {
    cwd: mustBe(
      'a path or a file URL',
      (value): value is string | URL => typeof value === 'string' || value instanceof URL,
    ),
    env: object,
    input: text,
    stopInput: text,
    stopSignal: oneOf(...Object.keys(constants.signals)),
    termAfterMs: limit,
    stopTimeoutMs: limit,
    name: nonEmpty,
    logger,
    onLine: callback,
  },
)

/** What only jobs of this package, and tests, choose. */
interface Internals {
  /** Whether the program has a channel whose end tells it to leave. */
  readonly hasChannel?: boolean
  /** Characters of the longest line; a longer one is cut into several. Default 8192. */
  readonly longestLine?: number
  readonly open?: (pid: number, mark: string) => ProcessTree
}

/**
 * A job in a group of processes of its own: the program and all that it starts, also what leaves the group to become a daemon
 * (found on Linux). Made by {@link startSubprocessJob}.
 */
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
  #hasStrays = false
  #stopping: Promise<JobEnd> | undefined
  readonly #logger: Logger
  readonly #program: Program
  readonly #tree: ProcessTree | undefined
  readonly #limits: {
    readonly stopSignal: NodeJS.Signals
    readonly termAfterMs: number
    readonly stopTimeoutMs: number
  }

  /** @internal */
  constructor(file: string, args: readonly string[], options: SubprocessJobOptions = {}, internals: Internals = {}) {
    // apply defaults
    const { stopSignal = 'SIGTERM', termAfterMs = 300, stopTimeoutMs = 1300, logger = jobLogger() } = options
    const { hasChannel = false, longestLine, open = openTree } = internals
    // interpret
    this.name = options.name ?? file.split(/[/\\]/).at(-1) ?? file
    this.#logger = logger
    this.#limits = { stopSignal, termAfterMs: Math.min(termAfterMs, stopTimeoutMs), stopTimeoutMs }
    const { mark, environment } = markJob()
    // acquire
    const { cwd, env, input, stopInput, onLine } = options
    this.#program = new Program(this.name, {
      ...{ file, args, cwd, input, stopInput, hasChannel, longestLine },
      env: { ...env, ...environment },
      onOutput: onLine ?? (line => this.#logger.info({ job: this.name, pid: this.pid }, line)),
      onError: line => this.#logger.warn({ job: this.name, pid: this.pid }, line),
    })
    this.pid = this.#program.pid
    if (this.pid !== undefined) {
      this.#tree = open(this.pid, mark)
      guardGroup(this.pid)
    }
    this.done = this.#watch()
    void this.stopEvent.waitAsync().then(() => this.stop())
  }

  get state(): JobState {
    return this.#state
  }

  stop(): Promise<JobEnd> {
    this.#stopping ??= this.#leave()
    return this.#stopping
  }

  /** For `await using`: the same as {@link SubprocessJob.stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #watch(): Promise<JobEnd> {
    const error = await this.#program.left
    if (this.pid !== undefined && this.#tree !== undefined) {
      await this.#treeGone(this.#tree)
      unguardGroup(this.pid)
      await this.#straysGone(this.#tree)
      await within(OUTPUT_LIMIT_MS, this.#program.outputTaken)
    }
    if (this.#stopping === undefined || this.pid === undefined) this.#error = error
    return this.#end()
  }

  // The program may have left others behind: the job is its group, not its first process.
  async #treeGone(tree: ProcessTree): Promise<void> {
    for (let pollMs = 1; ; pollMs = Math.min(2 * pollMs, STRAY_POLL_MS)) {
      // Looking for zombies, which in a container nobody may reap, costs milliseconds: only when the group does not vanish.
      if (!(pollMs < 4 ? tree.exists() : tree.isAlive())) return
      await (this.#stopping === undefined ? this.stopEvent.waitAsync(IDLE_POLL_MS) : delay(pollMs))
    }
  }

  // What left the group, as a daemon does, is still the job: it runs until it ends or is stopped.
  async #straysGone(tree: ProcessTree): Promise<void> {
    for (;;) {
      const pids = tree.strays(performance.now())
      if (pids.length === 0) return
      this.#tellStrays(pids)
      await (this.#stopping === undefined ? this.stopEvent.waitAsync(IDLE_POLL_MS) : delay(STRAY_POLL_MS))
    }
  }

  /** False where the platform does not know the signal. */
  #signal(tree: ProcessTree, signal: NodeJS.Signals): boolean {
    const isKnown = tree.signal(signal)
    const strays = tree.signalStrays(signal)
    if (strays.length > 0) this.#tellStrays(strays)
    return isKnown
  }

  #tellStrays(pids: readonly number[]): void {
    if (this.#hasStrays) return
    this.#hasStrays = true
    this.#logger.warn({ job: this.name, pids }, 'processes of a job have left its group')
  }

  async #leave(): Promise<JobEnd> {
    const tree = this.#tree
    if (tree === undefined || isEnded(this.#state)) return this.done
    this.#state = 'stopping'
    this.stopEvent.set()
    const { stopSignal, termAfterMs, stopTimeoutMs } = this.#limits
    const started = performance.now()
    const endUntil = (ms: number): Promise<JobEnd | undefined> => within(started + ms - performance.now(), this.done)

    const isAsked = this.#program.ask()
    if (isAsked) await within(termAfterMs, this.#program.left)
    else if (this.#signal(tree, stopSignal)) await endUntil(termAfterMs)
    // Asked, the first process has left in time: what it has left behind hears of the stop only now.
    if (isEnded(this.#state)) return this.done
    const end = this.#signal(tree, 'SIGTERM') || isAsked ? await endUntil(stopTimeoutMs) : undefined
    if (end) return end
    this.#forced = true
    this.#logger.warn({ job: this.name, pid: this.pid }, 'job did not stop in time, killing it')
    this.#signal(tree, 'SIGKILL')
    const killed = await within(tree.killLimitMs, this.done)
    if (killed) return killed
    this.#logger.error({ job: this.name, pid: this.pid }, 'job survives SIGKILL')
    return { outcome: 'stuck' }
  }

  #end(): JobEnd {
    this.#state = this.#error ? 'failed' : this.#forced ? 'forced' : 'returned'
    this.stopEvent.set()
    if (this.#error) this.#logger.error({ job: this.name, err: this.#error }, 'job failed')
    else this.#logger.debug({ job: this.name, outcome: this.#state }, 'job ended')
    return { outcome: this.#state, ...(this.#error && { error: this.#error }) }
  }
}

/**
 * Starts a program, never through a shell, in a process group of its own, and logs what it writes line by line. Returns at
 * once; a program that cannot be started is a job that has failed. When this process dies, by whatever signal, so do they.
 *
 * @example
 * ```ts
 * import { startSubprocessJob } from 'dareplane-utils'
 *
 * const job = startSubprocessJob('python', ['-m', 'my_task'], { stopSignal: 'SIGINT' })
 * console.log(await job.done)
 * ```
 */
export function startSubprocessJob(
  file: string,
  args: readonly string[] = [],
  options?: SubprocessJobOptions,
): SubprocessJob {
  nonEmpty('file', file)
  programArguments('args', args)
  return new SubprocessJob(file, args, checked(options))
}

function isEnded(state: JobState): boolean {
  return state === 'returned' || state === 'failed' || state === 'forced'
}
