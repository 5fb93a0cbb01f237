import { localClock } from '../clock.js'
import type { WatcherEvents } from '../workers/watcher/watcher-api.js'
import type { Interruption } from '../xdf/documents.js'

/** What can befall a recorded stream: the events of its StreamWatcher. */
export type StreamEvent = 'stalled' | 'lost' | 'recovered' | 'incompatible' | 'failed'
export const STREAM_EVENTS: readonly StreamEvent[] = ['stalled', 'lost', 'recovered', 'incompatible', 'failed']

/** When a stream was away, and why. */
export class InterruptionLog {
  readonly #interruptions: Interruption[] = []

  get all(): readonly Interruption[] {
    return [...this.#interruptions]
  }

  note(event: StreamEvent, detail: object): void {
    const last = this.#interruptions.at(-1)
    const open = last?.to === undefined ? last : undefined
    if (event === 'recovered') {
      const { gapFrames } = detail as WatcherEvents['recovered'][0]
      if (open !== undefined) this.#replace({ ...open, to: localClock(), samples: gapFrames })
    } else if (open === undefined) this.#interruptions.push({ reason: reasonOf(event, detail), from: localClock() })
    // It was stalled and is now lost, or has come back as something else: the same interruption.
    else this.#replace({ ...open, reason: reasonOf(event, detail) })
  }

  #replace(interruption: Interruption): void {
    this.#interruptions.splice(-1, 1, interruption)
  }
}

function reasonOf(event: StreamEvent, detail: object): string {
  return 'reason' in detail ? `${event}: ${String(detail.reason)}` : event
}
