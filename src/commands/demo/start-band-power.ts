import type { Logger } from 'pino'
import type { StreamWatcher } from '../../stream-watcher.js'
import type { WindowData } from '../../ring/window.js'
import { startWorkerJob } from '../../workers/jobs/start-worker-job.js'
import type { WorkerJob } from '../../workers/jobs/worker-job.js'
import type { DemoResults } from './demo-results.js'

/** Starts the demo's job on the ring of `signal`; it writes into `results`. */
export function startBandPower(results: DemoResults, signal: StreamWatcher<WindowData>, logger: Logger): WorkerJob {
  return startWorkerJob(new URL('./band-power.worker.js', import.meta.url), {
    kwargs: { results: results.buffer },
    rings: [signal.share()],
    logger,
  })
}
