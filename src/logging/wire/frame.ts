/** Bytes of the length that goes before each record: big-endian, unsigned. */
export const PREFIX = 4
/**
 * The largest body the receiver takes and the sender makes: 1 MiB of text fits however Python escapes it, and twice, as a
 * record carries it when another handler has formatted it before.
 */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024

/** One frame around a body that came in one. */
export function frameOfBytes(body: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX + body.length)
  frame.writeUInt32BE(body.length, 0)
  body.copy(frame, PREFIX)
  return frame
}

/** One frame: the length and `body`, in one buffer, because Python's receiver hangs up on half a length. */
export function encodeFrame(body: string): Buffer {
  const bytes = Buffer.byteLength(body)
  const frame = Buffer.allocUnsafe(PREFIX + bytes)
  frame.writeUInt32BE(bytes, 0)
  frame.write(body, PREFIX)
  return frame
}
