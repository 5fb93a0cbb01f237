import type { SampleArray } from '../../channel-format.js'
import { localClock } from '../../clock.js'
import { samplesDue } from '../../signal/samples-due.js'
import { pace } from './pace.js'
import { seededRandom } from './random.js'
import type { SyntheticEeg } from './synthetic-eeg.js'

/** After a pause, as of a suspended machine, so much is sent at once; what was due before is skipped. */
const LONGEST_BURST_S = 10

const MARKERS = ['stimulus/left', 'stimulus/right', 'response'] as const

/**
 * Sends `eeg` in chunks, each when its last sample is due and stamped with that moment, so that the stamps are regular
 * however late the timer is; with `stamps: 'push'` with the moment of the push, as latency measurements need it. Resolves
 * to the frames sent and skipped, after `frames` of them or when `signal` has aborted.
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
): Promise<{ sent: number; skipped: number }> {
  const { rate, chunk, frames = Infinity, stamps = 'due', signal } = options
  const startS = localClock()
  const due = samplesDue({ rateHz: rate, startS, maxBurst: Math.max(chunk, Math.ceil(rate * LONGEST_BURST_S)) })
  const size = (): number => Math.min(chunk, frames - due.taken)
  await pace({
    startS,
    nextDueS: () => (due.taken < frames ? due.dueAtS(size()) - startS : undefined),
    act: () => {
      const samples = eeg.next(due.take(size()))
      target.pushChunk(samples, stamps === 'due' ? due.stampS : localClock())
    },
    ...(signal && { signal }),
  })
  return { sent: due.taken, skipped: due.skipped }
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
