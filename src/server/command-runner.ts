import type { Logger } from 'pino'
import { errorCode } from '../errors.js'
import { within } from '../system/within.js'
import { checkKwargs, type CheckedKwargs, type KwargsSchema } from './command-options.js'
import type { CommandServer, CommandTable, PCommandCall } from './command-table.js'
import { isJob, type JobEnding, type JobTable } from './job-table.js'
import type { Command } from './wire/command.js'
import type { Kwargs } from './wire/json-payload.js'

type Call = Extract<Command, { kind: 'call' }>

/** What is left of the handlers that ran when a STOP came. */
export interface Settled {
  /** The jobs that they returned after the STOP, which were stopped at once. */
  readonly endings: readonly JobEnding[]
  /** How many have not returned within the time limit. */
  readonly handlers: number
}

/** Calls handlers, books the jobs that they return, and lets nothing that they do harm the server. */
export class CommandRunner {
  readonly #server: CommandServer
  readonly #table: CommandTable
  readonly #jobs: JobTable
  readonly #logger: Logger
  readonly #handlerTimeoutMs: number
  readonly #pending = new Set<Promise<JobEnding | undefined>>()
  /** The commands whose handlers run: a job may come of each. */
  readonly #inFlight = new Map<symbol, string>()

  constructor(server: CommandServer, table: CommandTable, jobs: JobTable, logger: Logger, handlerTimeoutMs: number) {
    this.#server = server
    this.#table = table
    this.#jobs = jobs
    this.#logger = logger
    this.#handlerTimeoutMs = handlerTimeoutMs
  }

  /** Runs one call. Answers a promise, which never rejects, when it is not over at once. */
  run({ name, args, kwargs }: Call, signal: AbortSignal): Promise<void> | undefined {
    const { exclusive, kwargs: schema } = this.#table.optionsOf(name)
    if (exclusive && this.#isBusy(name)) return undefined
    const call: PCommandCall = { args, signal, server: this.#server }
    try {
      const result = schema ? this.#callChecked(schema, name, kwargs, call) : this.#call(name, kwargs, call)
      if (isThenable(result)) return this.#await(name, result, signal)
      return this.#book(name, result, signal)?.then(() => undefined)
    } catch (err) {
      this.#failed(name, err, signal)
      return undefined
    }
  }

  /** Resolves when the handlers that run now have returned, or after the time limit of handlers. */
  async settled(): Promise<Settled> {
    const endings: JobEnding[] = []
    const pending = [...this.#pending]
    let handlers = pending.length
    const counted = pending.map(async each => {
      const ending = await each
      if (ending) endings.push(ending)
      handlers--
    })
    await within(this.#handlerTimeoutMs, Promise.all(counted))
    return { endings, handlers }
  }

  #isBusy(name: string): boolean {
    const running = this.#jobs.running().find(({ pcomm }) => pcomm === name)
    if (running) {
      this.#logger.warn({ pcomm: name, job: running.job }, 'command not run, a job that it started still runs')
      return true
    }
    const isStarting = [...this.#inFlight.values()].includes(name)
    if (isStarting) this.#logger.warn({ pcomm: name }, 'command not run, it is being run already')
    return isStarting
  }

  #call(name: string, kwargs: Kwargs, call: PCommandCall): unknown {
    if (this.#logger.isLevelEnabled('info')) this.#logger.info({ pcomm: name }, 'command is run')
    return this.#table.get(name)?.(kwargs, call)
  }

  #callChecked(schema: KwargsSchema, name: string, kwargs: Kwargs, call: PCommandCall): unknown {
    const callIfValid = (checked: CheckedKwargs): unknown => {
      if ('kwargs' in checked) return this.#call(name, checked.kwargs, call)
      const { reason } = checked
      this.#logger.warn({ pcomm: name, reason }, 'command not run, its arguments are not what it takes')
      return undefined
    }
    const checked = checkKwargs(schema, kwargs)
    return checked instanceof Promise ? checked.then(callIfValid) : callIfValid(checked)
  }

  async #await(name: string, result: PromiseLike<unknown>, signal: AbortSignal): Promise<void> {
    const over = Promise.resolve(result)
      .then(value => this.#book(name, value, signal))
      .catch((err: unknown) => {
        this.#failed(name, err, signal)
        return undefined
      })
    const id = Symbol(name)
    this.#inFlight.set(id, name)
    this.#pending.add(over)
    void over.then(() => this.#pending.delete(over))
    if (!(await overOrAbandoned(over, signal, this.#handlerTimeoutMs))) {
      this.#logger.error({ pcomm: name }, 'handler did not return after STOP, going on without it')
    }
    this.#inFlight.delete(id)
  }

  #book(name: string, result: unknown, signal: AbortSignal): Promise<JobEnding> | undefined {
    if (isJob(result)) {
      this.#jobs.add(name, result)
      this.#logger.info({ pcomm: name, job: result.name }, 'job started')
      // STOP came while the handler was busy starting this.
      if (signal.aborted) return this.#jobs.end(result)
    } else if (result !== null && typeof result === 'object') {
      this.#logger.error(
        { pcomm: name, returned: typeof result },
        'handler returned what is neither a number nor a job',
      )
    }
    return undefined
  }

  #failed(name: string, err: unknown, signal: AbortSignal): void {
    try {
      if (signal.aborted && isOfAbort(err, signal)) this.#logger.info({ pcomm: name }, 'command was ended by STOP')
      else this.#logger.error({ pcomm: name, err }, 'handler failed')
    } catch {
      this.#logger.error({ pcomm: name }, 'handler failed with what cannot be looked at')
    }
  }
}

/** True for what a handler throws because its signal was aborted, or because what it waited for was closed for that. */
function isOfAbort(err: unknown, { reason }: AbortSignal): boolean {
  const causes = err instanceof Error ? [err, err.cause] : [err]
  return causes.some(cause => {
    const isAbort = cause instanceof Error && cause.name === 'AbortError'
    return cause === reason || isAbort || ['ABORT_ERR', 'ERR_CLOSED'].includes(errorCode(cause) ?? '')
  })
}

/** True when `over` settled before `limitMs` had passed since the abort. */
async function overOrAbandoned(over: Promise<unknown>, signal: AbortSignal, limitMs: number): Promise<boolean> {
  let abort: (() => void) | undefined
  const aborted = new Promise<void>(resolve => (abort = resolve))
  const onAbort = (): void => abort?.()
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort)
  const first = await Promise.race([over.then(() => true), aborted.then(() => false)])
  signal.removeEventListener('abort', onAbort)
  return (
    first ||
    (await within(
      limitMs,
      over.then(() => true),
    )) === true
  )
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
