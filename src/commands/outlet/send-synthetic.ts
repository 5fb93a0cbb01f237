import type { SampleArray } from '../../channel-format.js'
import { localClock } from '../../clock.js'
import { pace } from './pace.js'
import { seededRandom } from './random.js'
import type { SyntheticEeg } from './synthetic-eeg.js'

const MARKERS = ['stimulus/left', 'stimulus/right', 'response'] as const

/**
 * Sends `eeg` in chunks, each when its last sample is due and stamped with that moment, so that the stamps are regular
 * however late the timer is; with `stamps: 'push'` with the moment of the push, as latency measurements need it. Resolves
 * to the frames sent, after `frames` of them or when `signal` has aborted.
 */
export async function sendEeg(
  eeg: SyntheticEeg,
  target: { pushChunk(data: SampleArray, timestamp: number): void },
  options: {
    readonly rate: number
    readonly chunk: number
    readonly frames?: number
    readonly stamps?: 'due' | 'push'
    readonly signal?: AbortSignal
  },
): Promise<number> {
  const { rate, chunk, frames = Infinity, stamps = 'due', signal } = options
  const startS = localClock()
  let sent = 0
  const size = (): number => Math.min(chunk, frames - sent)
  await pace({
    startS,
    nextDueS: () => (sent < frames ? (sent + size()) / rate : undefined),
    act: () => {
      const count = size()
      const samples = eeg.next(count)
      sent += count
      target.pushChunk(samples, stamps === 'due' ? startS + sent / rate : localClock())
    },
    ...(signal && { signal }),
  })
  return sent
}

/** Sends made-up event markers, `perSecond` on average at irregular times, stamped with their push. Resolves to how many. */
export async function sendMarkers(
  target: { pushSample(values: string[], timestamp: number): void },
  options: {
    readonly perSecond?: number
    readonly channels?: number
    readonly seed?: number
    readonly signal?: AbortSignal
  },
): Promise<number> {
  const { perSecond = 1, channels = 1, seed = 1, signal } = options
  const random = seededRandom(seed)
  let sent = 0
  let dueS = 0
  await pace({
    nextDueS: () => dueS,
    act: () => {
      const values = Array.from(
        { length: channels },
        () => MARKERS[Math.floor(random() * MARKERS.length)] ?? MARKERS[0],
      )
      target.pushSample(values, localClock())
      sent++
      dueS += (0.5 + random()) / perSecond
    },
    ...(signal && { signal }),
  })
  return sent
}
