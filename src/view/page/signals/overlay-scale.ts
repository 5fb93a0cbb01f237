import type { OverlayPen } from './overlay-pen.js'
import type { Sweep } from './sweep.js'

/** Lanes of fewer pixels leave no room for values, and names take the room beside them. */
export const CROWDED_PX = 13

/** The bar that says how large the traces are. */
export class OverlayScale {
  /** Where its text ends. */
  readonly end: number
  readonly #text: string
  /** Where names need the room beside the lanes, the bar stands above them. */
  readonly #isAbove: boolean
  readonly #pen: OverlayPen
  readonly #sweep: Sweep

  constructor(pen: OverlayPen, sweep: Sweep, unit: string) {
    this.#pen = pen
    this.#sweep = sweep
    const bar = sweep.geometry.scaleBar()
    // Channels of several units have none in common.
    this.#text = bar ? `${[Number(bar.value.toPrecision(2)), unit].join(' ').trim()}, + up` : 'each its own'
    this.#isAbove = bar !== undefined && sweep.geometry.laneHeight < CROWDED_PX
    pen.font(11, 400)
    this.end = (this.#isAbove ? 14 : 4) + pen.width(this.#text) + 6
  }

  draw(): void {
    const { geometry, palette } = this.#sweep
    const pen = this.#pen
    const isAbove = this.#isAbove
    pen.font(11, 400)
    pen.text(this.#text, isAbove ? 14 : 4, 11, palette.text2, 'left')
    const bar = geometry.scaleBar()
    if (bar === undefined) return
    const x = isAbove ? 7 : 9
    const y = isAbove ? bar.pixels / 2 + 2 : Math.max(geometry.laneMiddle(0), geometry.top + bar.pixels / 2 + 1)
    const { context } = pen
    context.strokeStyle = palette.text2
    context.lineWidth = 1.5
    context.beginPath()
    context.moveTo(x, y - bar.pixels / 2)
    context.lineTo(x, y + bar.pixels / 2)
    for (const end of [-1, 1]) {
      context.moveTo(x - 3.5, y + (end * bar.pixels) / 2)
      context.lineTo(x + 3.5, y + (end * bar.pixels) / 2)
    }
    context.stroke()
  }
}
