import { encodeFrame } from './frame.js'

/** A record with this key asks our server for all records from now on. */
export const FOLLOW_KEY = 'dareplaneFollow'

/** The frame that asks. Its level lies below every handler's, so that Python's server prints nothing for it. */
export const FOLLOW_REQUEST = encodeFrame(
  JSON.stringify({ name: 'dareplane.logs', msg: '', args: [], levelname: 'NOTSET', levelno: -1, [FOLLOW_KEY]: true }),
)

/** The server's answer: an empty frame, before the first record. */
export const FOLLOW_ANSWER = encodeFrame('')
