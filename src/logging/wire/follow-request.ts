import { encodeFrame } from './frame.js'

/** The record that asks our server for all records from now on. Its level lies below every handler's: Python's server prints nothing for it. */
const REQUEST = JSON.stringify({
  name: 'dareplane.logs',
  msg: '',
  args: [],
  levelname: 'NOTSET',
  levelno: -1,
  dareplaneFollow: true,
})
const REQUEST_BYTES = Buffer.from(REQUEST)

/** The frame that asks. */
export const FOLLOW_REQUEST = encodeFrame(REQUEST)

/** True for the body of {@link FOLLOW_REQUEST}, byte by byte: no record that a program logs can be taken for it. */
export function isFollowRequest(body: Buffer): boolean {
  return body.equals(REQUEST_BYTES)
}

/** The server's answer: an empty frame, before the first record. */
export const FOLLOW_ANSWER = encodeFrame('')
