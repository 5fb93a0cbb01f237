import type { JobEnd, JobState } from '../../../src/workers/jobs/job.js'
import type { WorkerJob } from '../../../src/workers/jobs/worker-job.js'
import { StopEvent } from '../../../src/stop-event.js'

/** A job without a thread: it ends when it is stopped, after `lastingMs`. For tests of the server alone. */
export class FakeJob {
  readonly kind = 'worker'
  readonly name: string
  readonly stopEvent = new StopEvent()
  readonly done: Promise<JobEnd>
  stops = 0
  #ended: JobState = 'running'
  #end: (end: JobEnd) => void = () => undefined

  constructor(name = 'fake') {
    this.name = name
    this.done = new Promise(resolve => (this.#end = resolve))
  }

  get state(): JobState {
    return this.#ended
  }

  /** Leaves by itself. */
  finish(): void {
    this.#ended = 'returned'
    this.#end({ outcome: 'returned' })
  }

  stop(): Promise<JobEnd> {
    this.stops++
    this.stopEvent.set()
    queueMicrotask(() => this.finish())
    return this.done
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** One that a handler may return. */
export function fakeJob(name?: string): FakeJob & WorkerJob {
  return new FakeJob(name) as unknown as FakeJob & WorkerJob
}
