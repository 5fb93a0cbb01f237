/*
 * What our receiver answers to a sender that numbers its records: the number of the last one it has written, as a big-endian
 * double. Python's senders are never answered (they would not read it), and Python's receiver never answers.
 */

/** Bytes of one acknowledgement. */
const ACKNOWLEDGEMENT_BYTES = 8

/** One acknowledgement: all records up to `number` are safe. */
export function encodeAcknowledgement(number: number): Buffer {
  const bytes = Buffer.allocUnsafe(ACKNOWLEDGEMENT_BYTES)
  bytes.writeDoubleBE(number)
  return bytes
}

/** Reads acknowledgements from a stream of any segmentation. */
export class AcknowledgementReader {
  #rest: Buffer = Buffer.alloc(0)

  /** The newest number in `chunk`, or undefined when it completes none. */
  push(chunk: Buffer): number | undefined {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    const whole = Math.floor(bytes.length / ACKNOWLEDGEMENT_BYTES)
    this.#rest = bytes.subarray(whole * ACKNOWLEDGEMENT_BYTES)
    return whole === 0 ? undefined : bytes.readDoubleBE((whole - 1) * ACKNOWLEDGEMENT_BYTES)
  }
}
