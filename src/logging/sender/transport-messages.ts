/** A thread's ring, for the transport. */
export interface RingRegistration {
  readonly thread: number
  readonly buffer: SharedArrayBuffer
}

/** What the owner of the transport thread tells it. */
export type TransportMessage =
  | ({ readonly kind: 'ring' } & RingRegistration)
  /** A thread has ended, perhaps without saying so. */
  | { readonly kind: 'closed'; readonly thread: number }
  /**
   * The process is about to end: deliver or give up, then answer in DONE. `crashFile`: errors that are not delivered go
   * there, before anything else is tried when `isCrash`.
   */
  | {
      readonly kind: 'end'
      readonly request: number
      readonly isCrash: boolean
      readonly crashFile: string | undefined
    }

/** Words of the memory that the owner and the transport share. */
export const CONTROL_WORDS = 3
/** The number of the last request to end that was answered. */
export const DONE = 0
/** How many records were taken from the rings and are not known to be delivered. */
export const UNDELIVERED = 1
/** 1 once the transport runs. */
export const RUNNING = 2

/** What a ring's DEFINITION entry says. */
export interface SourceDefinition {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly threadName: string
  /** Whether its lines are printed to stderr as well. */
  readonly isPrinted: boolean
}

/** Stands for a source whose definition found no place. */
export const UNKNOWN_SOURCE: SourceDefinition = {
  name: 'unknown',
  host: '127.0.0.1',
  port: 9020,
  threadName: 'unknown',
  isPrinted: false,
}
