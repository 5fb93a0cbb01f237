import { mustBe } from '../../check.js'
import type { RingHandle } from '../../ring/allocate-ring.js'

/** A stream to compute on: a StreamWatcher or RingBuffer on the thread that owns it, or in a job one of its `rings`. */
export type StreamSource =
  | RingHandle
  | {
      /** Its ring in shared memory. */
      share(): RingHandle
    }

export const streamSource = mustBe(
  'a StreamWatcher, or one of the rings of a job',
  (value): value is StreamSource =>
    typeof value === 'object' && value !== null && ('share' in value || 'control' in value),
)

export function handleOf(source: StreamSource): RingHandle {
  streamSource('stream', source)
  return 'share' in source ? source.share() : source
}

/** What the stream is called in messages. */
export function nameOf({ stream }: RingHandle): string {
  return stream === undefined ? 'a stream without a name' : `'${stream.name}'`
}
