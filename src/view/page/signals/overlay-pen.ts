import type { Palette } from '../palette.js'
import type { SweepGeometry } from './sweep-geometry.js'

/** Draws the words, boxes and lines of the overlay, in the colours and the font of the page. */
export class OverlayPen {
  readonly context: CanvasRenderingContext2D
  readonly #geometry: SweepGeometry
  readonly #palette: Palette

  constructor(context: CanvasRenderingContext2D, geometry: SweepGeometry, palette: Palette) {
    this.context = context
    this.#geometry = geometry
    this.#palette = palette
    context.textBaseline = 'middle'
  }

  font(px: number, weight: number): void {
    this.context.font = `${weight} ${px}px ${this.#palette.font}`
  }

  width(text: string): number {
    return this.context.measureText(text).width
  }

  text(text: string, x: number, y: number, colour: string, align: CanvasTextAlign): void {
    this.context.textAlign = align
    this.context.fillStyle = colour
    this.context.fillText(text, x, y)
  }

  /** A text in a frame of its colour, its middle at `x` and `y`. */
  box(text: string, x: number, y: number, colour: string, height: number): void {
    const width = this.width(text) + 12
    const { context } = this
    context.fillStyle = this.#palette.well
    context.strokeStyle = colour
    context.lineWidth = 1.25
    context.beginPath()
    context.roundRect(x - width / 2, y - height / 2, width, height, 3)
    context.fill()
    context.stroke()
    this.text(text, x, y + 0.5, colour, 'center')
  }

  /** A line across all lanes. */
  vertical(x: number, colour: string, width: number, opacity = 1): void {
    const { top, bottom } = this.#geometry
    const { context } = this
    context.globalAlpha = opacity
    context.strokeStyle = colour
    context.lineWidth = width
    context.beginPath()
    context.moveTo(x, top)
    context.lineTo(x, bottom)
    context.stroke()
    context.globalAlpha = 1
  }

  /** As much of `text` as is no wider than `most` pixels. */
  shortened(text: string, most: number): string {
    if (this.width(text) <= most) return text
    let length = text.length
    while (length > 1 && this.width(`${text.slice(0, length)}…`) > most) length--
    return `${text.slice(0, length)}…`
  }
}
