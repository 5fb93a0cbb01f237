import { hatch } from '../palette.js'
import type { OverlayPen } from './overlay-pen.js'
import type { Sweep } from './sweep.js'

/** Text events: where they were and what they say. */
export type Markers = readonly (readonly [stamp: number, text: string])[]

/** Since when nothing comes, and how many samples are missing, while the stream is lost. */
export type LostSince = { readonly since: number; readonly text: string } | undefined

/** Markers and what is missing: their lines, areas and labels. Labels above the lanes do not overlap: the first one stays. */
export class OverlayEvents {
  readonly #pen: OverlayPen
  readonly #sweep: Sweep
  /** Where the first label may begin. */
  readonly #left: number
  /** Where labels are. */
  readonly #taken: [number, number][] = []

  constructor(pen: OverlayPen, sweep: Sweep, left: number) {
    this.#pen = pen
    this.#sweep = sweep
    this.#left = left
  }

  drawLostArea(lost: LostSince): void {
    const { geometry, palette, edge } = this.#sweep
    if (lost === undefined || geometry.settings.frozenAt !== undefined) return
    const { context } = this.#pen
    for (const [x0, x1] of geometry.areas(lost.since, edge)) {
      context.fillStyle = hatch(context, palette.bad, palette.well)
      context.fillRect(x0, geometry.top, x1 - x0, geometry.bottom - geometry.top)
      this.#pen.vertical(x0, palette.bad, 1.5)
    }
  }

  drawLostLabel(lost: LostSince): void {
    const { geometry, palette, edge } = this.#sweep
    if (lost === undefined || geometry.settings.frozenAt !== undefined) return
    const areas = geometry.areas(lost.since, edge)
    const [x0, x1] = areas.reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a), areas[0] ?? [0, 0])
    this.#pen.font(12, 700)
    const needed = this.#pen.width(lost.text) + 16
    const x = Math.min(Math.max((x0 + x1) / 2, geometry.left + needed / 2), geometry.right - needed / 2)
    this.#pen.box(lost.text, x, (geometry.top + geometry.bottom) / 2, palette.bad, 22)
  }

  drawGapLabels(): void {
    const { geometry, palette, columns, edge } = this.#sweep
    const { spanS } = geometry.settings
    for (let i = columns.find(edge - spanS) + 1; i < columns.written; i++) {
      const missing = columns.missingBefore(i)
      if (missing === 0 || columns.firstOf(i) > edge) continue
      const seconds = columns.firstOf(i) - columns.lastOf(i - 1)
      const text = missing > 0 ? `${seconds.toFixed(2)} s missing` : `${seconds.toFixed(2)} s not shown`
      this.#label(text, geometry.xOf(columns.lastOf(i - 1)), missing > 0 ? palette.look : palette.text3)
    }
  }

  drawMarkers(markers: Markers): void {
    const { geometry, palette, edge } = this.#sweep
    const { spanS, frozenAt } = geometry.settings
    const { context } = this.#pen
    const passStart = frozenAt ?? geometry.startOfPass(edge)
    // The newest get their labels first.
    for (const [stamp, text] of [...markers].reverse()) {
      if (stamp > edge || stamp < edge - spanS) continue
      const isOld = frozenAt === undefined && stamp < passStart
      const x = geometry.xOf(stamp)
      if (isOld && x < geometry.xOf(edge) + 14) continue
      context.setLineDash([5, 3])
      this.#pen.vertical(x, palette.mark, 1.25, isOld ? 0.6 : 1)
      context.setLineDash([])
      this.#label(text, x, isOld ? palette.text3 : palette.mark)
    }
  }

  #label(text: string, x: number, colour: string): void {
    const pen = this.#pen
    pen.font(11, 700)
    const shown = pen.shortened(text, 140)
    const width = pen.width(shown) + 10
    const start = Math.min(Math.max(x, this.#left), this.#sweep.geometry.right - width)
    if (this.#taken.some(([from, to]) => start < to + 4 && start + width > from - 4)) return
    this.#taken.push([start, start + width])
    pen.box(shown, start + width / 2, 12, colour, 17)
  }
}
