import { DareplaneError } from '../../errors.js'
import type { InletOptions, ResolveLimits } from '../engine.js'
import type { StreamInfo } from '../stream-info.js'

/** How long an inlet looks for its outlet, where the description of the stream came without an address. */
export function locateLimits({ timeoutS = 5, signal }: InletOptions): ResolveLimits {
  return { minimum: 1, timeoutS, ...(signal && { signal }) }
}

/** Why there is no inlet: nothing answered to the uid of `info`. */
export function notLocated(info: StreamInfo, { signal }: InletOptions): DareplaneError {
  return signal?.aborted === true
    ? new DareplaneError('ERR_CLOSED', `closed while looking for stream ${info.toString()}`)
    : new DareplaneError('ERR_STREAM_LOST', `stream ${info.toString()} is gone`)
}
