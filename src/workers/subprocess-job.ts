import type { Job } from './job.js'

/** A job in a group of processes of its own. */
export interface SubprocessJob extends Job {
  readonly kind: 'subprocess'
}
