import type { RingReader } from './ring-reader.js'
import type { Window } from './window.js'

export interface RingWindowsOptions {
  readonly signal?: AbortSignal
  /** Frames in a window at least, but for the last one before the ring is closed. Default 1. */
  readonly minFrames?: number
}

/** Every frame from the cursor of `reader` on, as it arrives; keeps the process alive meanwhile. Ends when the ring is closed or on abort. */
export async function* ringWindows(
  reader: RingReader,
  { signal, minFrames = 1 }: RingWindowsOptions,
): AsyncGenerator<Window> {
  if (!Number.isInteger(minFrames) || minFrames < 1 || minFrames > reader.frames)
    throw new RangeError(`minFrames must be from 1 to the window's ${reader.frames} frames, not ${String(minFrames)}`)
  while (signal?.aborted !== true) {
    // Asked first: what was published before the end must not be missed.
    const closed = reader.closed
    const waiting = reader.written() - reader.cursor
    if (waiting >= minFrames || (closed && waiting > 0)) yield reader.takeNew()
    else if (closed) return
    else await reader.waitAsync(Infinity, signal, minFrames)
  }
}
