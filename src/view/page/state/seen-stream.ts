import type { MarkerItem, StreamDescription, StreamStatus, TrendPoint } from '../../wire/status.js'

const KEPT_TREND = 600
const KEPT_TEXTS = 500
const KEPT_AGES = 50

/** What the page knows of a stream. */
export class SeenStream {
  readonly description: StreamDescription
  status: StreamStatus | undefined
  readonly trend: TrendPoint[]
  readonly texts: MarkerItem[] = []
  /** Seconds since the newest sample, ten times a second, for the spark line. */
  readonly ages: number[] = []

  constructor(description: StreamDescription, trend: readonly TrendPoint[]) {
    this.description = description
    this.trend = [...trend]
  }

  /** Whether it is drawn as traces: a regular stream of numbers. */
  get isRegular(): boolean {
    return this.description.format !== 'string' && this.description.nominalSrate > 0
  }

  addStatus(status: StreamStatus, lsl: number): void {
    this.status = status
    const last = this.trend.at(-1)
    if (last === undefined || lsl - last[0] >= 1) {
      const ageMs = status.ageS === undefined ? null : 1000 * status.ageS
      keep(this.trend, [[lsl, ageMs, status.missing, status.latencyMs ?? null]], KEPT_TREND)
    }
    keep(this.ages, [status.ageS ?? NaN], KEPT_AGES)
  }

  addTexts(items: readonly MarkerItem[]): void {
    keep(this.texts, items, KEPT_TEXTS)
  }
}

function keep<Item>(list: Item[], items: readonly Item[], most: number): void {
  list.push(...items)
  if (list.length > most) list.splice(0, list.length - most)
}
