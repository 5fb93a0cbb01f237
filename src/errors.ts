/** Every code a {@link DareplaneError} can carry. Match errors by `code`, never by class: classes do not survive a thread. */
export type DareplaneErrorCode =
  | 'ERR_STREAM_NOT_FOUND'
  | 'ERR_STREAM_AMBIGUOUS'
  | 'ERR_STREAM_LOST'
  | 'ERR_STREAM_INVALID'
  | 'ERR_STREAM_INCOMPATIBLE'
  | 'ERR_PROTOCOL_UNSUPPORTED'
  | 'ERR_INVALID_PREDICATE'
  | 'ERR_LIBLSL_NOT_FOUND'
  | 'ERR_LIBLSL_UNSUPPORTED'
  | 'ERR_LIBLSL'
  | 'ERR_THREAD_NOT_SHARED'
  | 'ERR_TIMEOUT'
  | 'ERR_CLOSED'
  | 'ERR_NOT_CONNECTED'
  | 'ERR_ALREADY_CONNECTED'
  | 'ERR_WORKER_FAILED'
  | 'ERR_JOB_FAILED'
  | 'ERR_PORT_IN_USE'
  | 'ERR_LISTEN'
  | 'ERR_FILE_INVALID'
  | 'ERR_FILE_EXISTS'
  | 'ERR_FILTER_OVERFLOW'
  | 'ERR_CONFIG_INVALID'

/** What went wrong outside the caller's code, told apart by `code`. A caller's own mistake is a TypeError or RangeError. */
export class DareplaneError extends Error {
  override readonly name = 'DareplaneError'
  readonly code: DareplaneErrorCode

  constructor(code: DareplaneErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The `code` of anything thrown or received from another thread, or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
