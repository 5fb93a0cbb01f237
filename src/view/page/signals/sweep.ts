import { Columns } from './columns.js'
import { hatch, readPalette } from '../palette.js'
import type { Palette } from '../palette.js'
import { SweepGeometry } from './sweep-geometry.js'
import type { SweepSettings } from './sweep-geometry.js'

/** The bar that moves ahead of the newest data. */
const ERASE_PX = 14
/** Clocks are compared again now and then: what is behind the bar by less is of now. */
const LATE_S = 0.05
/** Channels that are drawn in one go: more would hold up the page. */
const CHANNELS_A_FRAME = 48

/**
 * The traces of one stream as a sweep: only what is new is drawn, ahead of it a bar erases, nothing scrolls. Left of the bar is
 * this sweep, right of it the last one, paler. What is missing is a hatched area and never joined.
 */
export class Sweep {
  readonly columns: Columns
  geometry: SweepGeometry
  palette: Palette
  /** Up to where the bar has come, LSL seconds. */
  edge = NaN
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  #drawn = 0
  /** The channel from which a redraw under way goes on; undefined when there is none. */
  #redraw: { next: number; readonly to: number } | undefined
  #isStale = true

  constructor(canvas: HTMLCanvasElement, channels: number, settings: SweepSettings) {
    const context = canvas.getContext('2d', { alpha: false })
    if (context === null) throw new TypeError('canvas must have a 2d context')
    this.columns = new Columns(channels)
    this.#canvas = canvas
    this.#context = context
    this.palette = readPalette(canvas)
    this.geometry = new SweepGeometry(canvas, settings)
  }

  /** Draws anew with other settings, another size or another palette. */
  restart(settings: SweepSettings): void {
    this.palette = readPalette(this.#canvas)
    this.geometry = new SweepGeometry(this.#canvas, settings)
    this.#isStale = true
  }

  /** Whether the canvas has another size than it was drawn for. */
  get isResized(): boolean {
    const { width, height } = this.geometry
    return this.#canvas.clientWidth !== width || this.#canvas.clientHeight !== height
  }

  /** Draws what has come. `edge` is where the bar belongs when nothing comes. */
  draw(edge: number): void {
    const { geometry } = this
    if (geometry.width === 0 || !(geometry.plotWidth > 0)) return
    if (this.#isStale) {
      this.#begin(edge)
      return
    }
    if (this.#redraw) {
      this.#goOn()
      return
    }
    if (geometry.settings.frozenAt !== undefined) return
    const { columns } = this
    // After a pause longer than the span nothing of what is drawn is right; what comes late is behind the bar, maybe a sweep ago.
    const isLate = this.#drawn < columns.written && columns.lastOf(this.#drawn) < this.edge - LATE_S
    if (isLate || columns.written - this.#drawn > columns.capacity / 2 || edge - this.edge > geometry.settings.spanS) {
      this.#begin(edge)
      return
    }
    while (this.#drawn < columns.written) {
      const from = this.#drawn
      const pass = geometry.passOf(columns.lastOf(from))
      let to = from + 1
      while (to < columns.written && geometry.passOf(columns.lastOf(to)) === pass) to++
      this.#advance(columns.lastOf(to - 1))
      this.#gaps(from, to)
      this.#traces(from, to, 0, geometry.settings.channels.length, 1)
      this.#drawn = to
    }
    if (edge > this.edge) this.#advance(edge)
  }

  #begin(edge: number): void {
    const { geometry, columns } = this
    const { width, height, ratio, settings } = geometry
    this.#isStale = false
    this.#canvas.width = Math.round(width * ratio)
    this.#canvas.height = Math.round(height * ratio)
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.edge = settings.frozenAt ?? Math.max(edge, Number.isNaN(columns.newest) ? edge : columns.newest)
    geometry.end = this.edge
    this.#fill(0, width, true)
    this.#grid(geometry.left, geometry.right)
    this.#drawn = columns.written
    const from = columns.find(this.edge - settings.spanS)
    this.#gaps(from, this.#drawn)
    this.#redraw = { next: 0, to: this.#drawn }
    this.#goOn()
  }

  /** Draws some more channels of a redraw, both sweeps. */
  #goOn(): void {
    const redraw = this.#redraw
    if (redraw === undefined) return
    const { geometry, columns, edge } = this
    const { spanS, channels, frozenAt } = geometry.settings
    const until = Math.min(channels.length, redraw.next + CHANNELS_A_FRAME)
    const oldest = columns.find(edge - spanS + (ERASE_PX / geometry.plotWidth) * spanS)
    const passStart = frozenAt === undefined ? columns.find(geometry.startOfPass(edge)) : columns.find(edge - spanS)
    const end = frozenAt === undefined ? redraw.to : Math.min(redraw.to, columns.find(edge) + 1)
    if (frozenAt === undefined) this.#traces(oldest, passStart, redraw.next, until, this.palette.oldShare)
    this.#traces(passStart, end, redraw.next, until, 1)
    redraw.next = until
    if (until >= channels.length) this.#redraw = undefined
  }

  /** Moves the bar on: what it passes is the place of new data. */
  #advance(edge: number): void {
    const { geometry } = this
    const from = geometry.xOf(this.edge)
    const to = geometry.xOf(edge)
    const wraps = geometry.passOf(edge) !== geometry.passOf(this.edge)
    this.edge = edge
    geometry.end = edge
    if (wraps) {
      this.#clear(from, geometry.right)
      this.#fade()
      this.#clear(geometry.left, to)
    } else this.#clear(from, to)
  }

  #clear(from: number, to: number): void {
    const end = Math.min(to + ERASE_PX, this.geometry.right)
    this.#fill(from, end, false)
    this.#grid(from, end)
  }

  #fill(from: number, to: number, whole: boolean): void {
    const { top, bottom, height, ratio } = this.geometry
    const snap = (x: number): number => Math.round(x * ratio) / ratio
    this.#context.fillStyle = this.palette.well
    if (whole) this.#context.fillRect(0, 0, to, height)
    else this.#context.fillRect(snap(from), top, snap(to) - snap(from), bottom - top)
  }

  /** This sweep becomes the last one. */
  #fade(): void {
    const { left, right, top, bottom } = this.geometry
    this.#context.globalAlpha = 1 - this.palette.oldShare
    this.#context.fillStyle = this.palette.well
    this.#context.fillRect(left, top, right - left, bottom - top)
    this.#context.globalAlpha = 1
  }

  #grid(from: number, to: number): void {
    const { top, bottom } = this.geometry
    const context = this.#context
    context.strokeStyle = this.palette.line
    context.lineWidth = 1
    context.beginPath()
    for (const x of this.geometry.gridLines()) {
      if (x < from - 0.5 || x > to + 0.5) continue
      context.moveTo(Math.round(x) + 0.5, top)
      context.lineTo(Math.round(x) + 0.5, bottom)
    }
    context.stroke()
  }

  #gaps(from: number, to: number): void {
    const { geometry, columns, palette } = this
    const context = this.#context
    for (let i = Math.max(from, columns.oldest + 1); i < to; i++) {
      const missing = columns.missingBefore(i)
      if (missing === 0) continue
      const colour = missing > 0 ? palette.look : palette.text3
      for (const [x0, x1] of geometry.areas(columns.lastOf(i - 1), columns.firstOf(i))) {
        const width = Math.max(1.5, x1 - x0)
        context.fillStyle = hatch(context, colour, palette.well)
        context.fillRect(x0, geometry.top, width, geometry.bottom - geometry.top)
        context.strokeStyle = colour
        context.lineWidth = 1.5
        context.beginPath()
        for (const x of [x0, x0 + width]) {
          context.moveTo(x, geometry.top)
          context.lineTo(x, geometry.bottom)
        }
        context.stroke()
      }
    }
  }

  #traces(from: number, to: number, firstLane: number, endLane: number, share: number): void {
    const { geometry, columns, palette } = this
    const { channels, badges } = geometry.settings
    if (to <= from) return
    // It begins one column earlier, to join what was drawn before.
    const start = Math.max(columns.oldest, from - 1)
    const xs = new Float64Array(to - start)
    const joins = new Uint8Array(to - start)
    for (let i = start; i < to; i++) {
      xs[i - start] = geometry.xOf((columns.firstOf(i) + columns.lastOf(i)) / 2)
      const isJoined =
        i > start &&
        columns.missingBefore(i) === 0 &&
        columns.firstOf(i) > columns.lastOf(i - 1) &&
        (xs[i - start] as number) >= (xs[i - 1 - start] as number)
      joins[i - start] = isJoined ? 1 : 0
    }
    const context = this.#context
    context.save()
    context.beginPath()
    context.rect(geometry.left, geometry.top, geometry.right - geometry.left, geometry.bottom - geometry.top)
    context.clip()
    context.globalAlpha = share
    context.lineWidth = channels.length > 32 ? 0.85 : 1.15
    context.lineJoin = 'round'
    for (let lane = firstLane; lane < endLane; lane++) {
      const channel = channels[lane] as number
      const isBad = badges.has(channel)
      context.strokeStyle = isBad ? palette.look : lane % 2 === 0 ? palette.traceA : palette.traceB
      context.beginPath()
      this.#trace(start, to, lane, channel, xs, joins)
      context.stroke()
    }
    context.restore()
  }

  #trace(from: number, to: number, lane: number, channel: number, xs: Float64Array, joins: Uint8Array): void {
    const { geometry, columns } = this
    const { pairs } = columns
    const context = this.#context
    const middle = geometry.laneMiddle(lane)
    const scale = geometry.pixelsPerUnit(channel)
    let hasPoint = false
    let before = 0
    for (let i = from; i < to; i++) {
      const at = columns.at(i) + 2 * channel
      const low = pairs[at] as number
      const high = pairs[at + 1] as number
      if (low !== low) {
        hasPoint = false
        continue
      }
      const x = xs[i - from] as number
      const yLow = middle - low * scale
      const yHigh = middle - high * scale
      const centre = low + high
      if (!hasPoint || joins[i - from] === 0) {
        context.moveTo(x, yLow)
        // A single point gets a little width, so that it can be seen.
        context.lineTo(x + (low === high ? 0.01 : 0), yHigh)
      } else if (centre > before) {
        context.lineTo(x, yLow)
        if (low !== high) context.lineTo(x, yHigh)
      } else {
        context.lineTo(x, yHigh)
        if (low !== high) context.lineTo(x, yLow)
      }
      hasPoint = true
      before = centre
    }
  }
}
