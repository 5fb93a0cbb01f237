import type { Logger } from 'pino'
import { within } from '../workers/within.js'
import type { CommandTable, PCommandCall } from './command-table.js'
import type { Command } from './command.js'
import type { DefaultServer } from './default-server.js'
import { isJob, type JobTable } from './job-table.js'

type Call = Extract<Command, { kind: 'call' }>

/** Calls handlers, books the jobs that they return, and lets nothing that they do harm the server. */
export class CommandRunner {
  readonly #server: DefaultServer
  readonly #table: CommandTable
  readonly #jobs: JobTable
  readonly #logger: Logger
  readonly #handlerTimeoutMs: number
  readonly #pending = new Set<Promise<void>>()

  constructor(server: DefaultServer, jobs: JobTable, logger: Logger, handlerTimeoutMs: number) {
    this.#server = server
    this.#table = server.pcommandMap
    this.#jobs = jobs
    this.#logger = logger
    this.#handlerTimeoutMs = handlerTimeoutMs
  }

  /** Runs one call. Answers a promise, which never rejects, when it is not over at once. */
  run({ name, args, kwargs }: Call, signal: AbortSignal): Promise<void> | undefined {
    const handler = this.#table.get(name)
    if (!handler) return undefined
    const call: PCommandCall = { args, signal, server: this.#server }
    try {
      const result = handler(kwargs, call)
      return isThenable(result) ? this.#await(name, result, signal) : this.#book(name, result, signal)
    } catch (err) {
      this.#logger.error({ pcomm: name, err }, 'handler failed')
      return undefined
    }
  }

  /** Resolves when no handler runs, or after the time limit of handlers. */
  async settled(): Promise<void> {
    await within(this.#handlerTimeoutMs, Promise.all(this.#pending))
  }

  async #await(name: string, result: PromiseLike<unknown>, signal: AbortSignal): Promise<void> {
    const over = Promise.resolve(result).then(
      value => this.#book(name, value, signal),
      (err: unknown) => this.#logger.error({ pcomm: name, err }, 'handler failed'),
    )
    this.#pending.add(over)
    void over.then(() => this.#pending.delete(over))
    if (await overOrAbandoned(over, signal, this.#handlerTimeoutMs)) return
    this.#logger.error({ pcomm: name }, 'handler did not return after STOP, going on without it')
  }

  #book(name: string, result: unknown, signal: AbortSignal): Promise<void> | undefined {
    if (isJob(result)) {
      this.#jobs.add(name, result)
      this.#logger.debug({ pcomm: name, job: result.name }, 'handler started a job')
      // STOP came while the handler was busy starting this.
      if (signal.aborted) return result.stop().then(() => undefined)
    } else if (result !== null && typeof result === 'object') {
      this.#logger.error(
        { pcomm: name, returned: typeof result },
        'handler returned what is neither a number nor a job',
      )
    }
    return undefined
  }
}

/** True when `over` settled before `limitMs` had passed since the abort. */
async function overOrAbandoned(over: Promise<void>, signal: AbortSignal, limitMs: number): Promise<boolean> {
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
