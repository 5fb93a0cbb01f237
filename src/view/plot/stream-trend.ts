import type { StreamStatus, TrendPoint } from '../wire/status.js'

const KEPT = 600
const EVERY_S = 1

/** Ten minutes of a stream's figures, one point a second: for viewers that come later, and for what is missing lately. */
export class StreamTrend {
  readonly points: TrendPoint[] = []
  #dueS = 0

  /** Keeps `status` when a second has passed since the last one. Times are LSL clock seconds. */
  add(now: number, { ageS, missing, latencyMs }: Pick<StreamStatus, 'ageS' | 'missing' | 'latencyMs'>): void {
    if (now < this.#dueS) return
    this.#dueS = now + EVERY_S
    this.points.push([now, ageS === undefined ? null : 1000 * ageS, missing, latencyMs ?? null])
    if (this.points.length > KEPT) this.points.shift()
  }

  /** How much of what is missing now was not yet missing ten minutes ago. */
  missingRecently(missing: number): number {
    return this.points.length < KEPT ? missing : missing - (this.points[0]?.[2] ?? 0)
  }
}
