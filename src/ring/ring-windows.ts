import { allocateSamples } from '../channel-format.js'
import { abortSignal, flag, options, whole } from '../check.js'
import type { RingReader } from './ring-reader.js'
import type { Window, WindowData } from './window.js'

/** When `windows()` yields, and when it ends. */
export interface RingWindowsOptions {
  readonly signal?: AbortSignal
  /** Samples in a window at least, but for the last one before the ring is closed. Default 1. */
  readonly minFrames?: number
  /**
   * Whether each window is a validated copy, for code with a memory: see takeNew({ into }). It is valid until the next one. Default
   * false.
   */
  readonly copy?: boolean
}

const checked = options<RingWindowsOptions>('windows', 'windows({ minFrames: 50 })', {
  signal: abortSignal,
  minFrames: whole({ from: 1 }),
  copy: flag,
})

/** What an owner of the ring does beside. One generator inside another would cost every window two promises more. */
interface RingWindowsEvents {
  /** Before a window that misses samples. */
  readonly lapped?: (lost: number) => void
  /** After the last one; may throw. */
  readonly ended?: () => void
}

/**
 * Every sample from the cursor of `source` on, which is asked for at the start, as it arrives; keeps the process alive meanwhile. Ends
 * when the ring is closed or on abort.
 */
export async function* ringWindows<D extends WindowData>(
  source: RingReader<D> | (() => RingReader<D>),
  given?: RingWindowsOptions,
  { lapped, ended }: RingWindowsEvents = {},
): AsyncGenerator<Window<D>> {
  const reader = typeof source === 'function' ? source() : source
  const { signal, minFrames = 1, copy = false } = checked(given)
  const { format, frames, channels } = reader
  if (minFrames > frames)
    throw new RangeError(`minFrames must be from 1 to the window's ${frames} frames, got ${minFrames}`)
  const into = copy && format !== 'string' ? { into: allocateSamples(format, frames * channels) } : undefined
  try {
    while (signal?.aborted !== true) {
      // Asked first: what was published before the end must not be missed.
      const closed = reader.closed
      const waiting = reader.written() - reader.cursor
      if (waiting >= minFrames || (closed && waiting > 0)) {
        const window = reader.takeNew(into)
        if (window.lost > 0) lapped?.(window.lost)
        yield window
      } else if (closed) break
      else await reader.waitAsync(Infinity, signal, minFrames)
    }
  } finally {
    // Who has broken off is not behind: the writer would wait for it in the next burst.
    reader.leave()
  }
  ended?.()
}
