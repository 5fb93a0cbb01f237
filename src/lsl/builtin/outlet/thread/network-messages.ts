import type { MessagePort } from 'node:worker_threads'
import type { RingHandle } from '../../../../ring/allocate-ring.js'
import type { OutletOptions } from '../../../engine.js'
import type { StreamFields } from '../../../stream-fields.js'
import type { LslConfig } from '../../config/lsl-config.js'

/** An outlet that the network thread shall serve. */
export interface OpenOutlet {
  readonly info: StreamFields
  readonly options: OutletOptions
  readonly config: LslConfig
  readonly queue: SharedArrayBuffer
  readonly port: MessagePort
  /** What is written here is sent. */
  readonly ring?: RingHandle
}

/** What it answers: the uid of an outlet that is off the network. */
export interface ClosedOutlet {
  readonly closed: string
}
