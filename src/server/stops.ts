import type { CommandRunner } from './command-runner.js'
import { guardedSignal } from './guarded-signal.js'
import type { JobTable } from './job-table.js'

/** How a STOP has ended. */
export interface StopReport {
  /** How many jobs it has ended. */
  readonly stopped: number
  /** The names of those that had to be terminated or killed. */
  readonly forced: readonly string[]
  /** The names of those that nothing could end: they may still run. */
  readonly stuck: readonly string[]
  /** How many handlers have not returned: they may still do something. */
  readonly handlers: number
  /** How long it took from the arrival of the STOP until the last of them was gone. */
  readonly ms: number
}

/** What STOP does, whoever sends it: the handlers' signal is aborted, all jobs are stopped, and the end is reported. */
export class Stops {
  readonly #jobs: JobTable
  readonly #runner: CommandRunner
  /** Resolves when every STOP that has come is over. */
  #over: Promise<unknown> = Promise.resolve()
  /** The last STOP, while nothing can have begun since. */
  #repeatable: Promise<void> | undefined
  /** Aborted by STOP, and then replaced: a command belongs to the one that was there when it arrived. */
  #untilStop: AbortController
  readonly #onListenerError: (error: unknown) => void
  #last: { readonly report: StopReport; readonly endedAt: number } | undefined

  /** What a listener of a signal throws goes to `onListenerError`. */
  constructor(jobs: JobTable, runner: CommandRunner, onListenerError: (error: unknown) => void) {
    this.#jobs = jobs
    this.#runner = runner
    this.#onListenerError = onListenerError
    this.#untilStop = this.#newController()
  }

  /** The signal that the next STOP aborts. */
  get signal(): AbortSignal {
    this.#repeatable = undefined
    return this.#untilStop.signal
  }

  /** The STOP before, for one that comes right behind it: thousands of them in a packet are one. */
  get repeated(): Promise<void> | undefined {
    return this.#repeatable
  }

  /** Stops everything now. Resolves when the jobs that ran are gone or past every limit. Never rejects. */
  stop(): Promise<void> {
    const startedAt = performance.now()
    const previous = this.#untilStop
    this.#untilStop = this.#newController()
    previous.abort()
    const jobs = this.#jobs.stop()
    const over = this.#finish(startedAt, jobs)
    this.#over = Promise.all([this.#over, over])
    const stopped = jobs.then(() => undefined)
    this.#repeatable = stopped
    setImmediate(() => (this.#repeatable = undefined))
    return stopped
  }

  /** Resolves when every STOP that has come is over: with the last one's report, and how long ago it ended. */
  async over(): Promise<(StopReport & { readonly agoMs: number }) | undefined> {
    await this.#over
    return this.#last && { ...this.#last.report, agoMs: Math.round(performance.now() - this.#last.endedAt) }
  }

  #newController(): AbortController {
    const controller = new AbortController()
    guardedSignal(controller.signal, this.#onListenerError)
    return controller
  }

  async #finish(startedAt: number, jobs: ReturnType<JobTable['stop']>): Promise<void> {
    const [now, { endings: late, handlers }] = await Promise.all([jobs, this.#runner.settled()])
    const endings = [...now, ...late]
    const namesOf = (wanted: string): string[] => endings.flatMap(({ job, outcome }) => (outcome === wanted ? job : []))
    const endedAt = performance.now()
    this.#last = {
      report: {
        stopped: endings.length,
        forced: namesOf('forced'),
        stuck: namesOf('stuck'),
        handlers,
        ms: Math.round(endedAt - startedAt),
      },
      endedAt,
    }
  }
}
