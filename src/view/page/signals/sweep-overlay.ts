import { clockTime, figure } from '../../words/format.js'
import { hatch } from '../palette.js'
import type { Sweep } from './sweep.js'

/** What lies over the traces and changes with every frame. */
export interface OverlayContent {
  readonly names: readonly string[]
  readonly unit: string
  /** Text events: where they were and what they say. */
  readonly markers: readonly (readonly [stamp: number, text: string])[]
  /** Since when nothing comes, and how many samples are missing, while the stream is lost. */
  readonly lost: { readonly since: number; readonly text: string } | undefined
  readonly pointer: { readonly x: number; readonly y: number } | undefined
  readonly rms: ArrayLike<number>
  readonly wallMinusLsl: number
}

/** Names, scale, markers, times and the newest edge. */
export function drawOverlay(canvas: HTMLCanvasElement, sweep: Sweep, content: OverlayContent): void {
  const { geometry } = sweep
  const context = canvas.getContext('2d')
  if (context === null || geometry.width === 0) return
  const { width, height, ratio } = geometry
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  const overlay = new Overlay(context, sweep, content)
  overlay.lost()
  overlay.markers()
  overlay.lostLabel()
  overlay.edge()
  overlay.lanes()
  overlay.scale()
  overlay.times()
}

class Overlay {
  readonly #pen: CanvasRenderingContext2D
  readonly #sweep: Sweep
  readonly #content: OverlayContent
  readonly #font: string
  /** Areas of the lane above that labels have. */
  readonly #taken: [number, number][] = []
  readonly #scaleText: string
  /** Where names need the room beside the lanes, the bar of the scale stands above them. */
  readonly #isScaleAbove: boolean
  /** Where the text of the scale ends. */
  readonly #scaleEnd: number

  constructor(context: CanvasRenderingContext2D, sweep: Sweep, content: OverlayContent) {
    this.#pen = context
    this.#sweep = sweep
    this.#content = content
    this.#font = sweep.palette.font
    context.textBaseline = 'middle'
    const bar = sweep.geometry.scaleBar()
    this.#scaleText = bar ? `${Number(bar.value.toPrecision(2))} ${content.unit}, + up` : 'each its own'
    this.#isScaleAbove = bar !== undefined && sweep.geometry.laneHeight < 13
    this.#setFont(11, 400)
    this.#scaleEnd = (this.#isScaleAbove ? 14 : 4) + context.measureText(this.#scaleText).width + 6
  }

  lost(): void {
    const { lost } = this.#content
    const { geometry, palette, edge } = this.#sweep
    if (lost === undefined || geometry.settings.frozenAt !== undefined) return
    const pen = this.#pen
    for (const [x0, x1] of geometry.areas(lost.since, edge)) {
      pen.fillStyle = hatch(pen, palette.bad, palette.well)
      pen.fillRect(x0, geometry.top, x1 - x0, geometry.bottom - geometry.top)
      this.#vertical(x0, palette.bad, 1.5)
    }
  }

  lostLabel(): void {
    const { lost } = this.#content
    const { geometry, palette, edge } = this.#sweep
    if (lost === undefined || geometry.settings.frozenAt !== undefined) return
    const pen = this.#pen
    const areas = geometry.areas(lost.since, edge)
    const [x0, x1] = areas.reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a), areas[0] ?? [0, 0])
    this.#setFont(12, 700)
    const needed = pen.measureText(lost.text).width + 16
    const x = Math.min(Math.max((x0 + x1) / 2, geometry.left + needed / 2), geometry.right - needed / 2)
    this.#box(lost.text, x, (geometry.top + geometry.bottom) / 2, palette.bad, palette.well, 22)
  }

  markers(): void {
    const { geometry, palette, edge } = this.#sweep
    const { spanS, frozenAt } = geometry.settings
    const pen = this.#pen
    const passStart = frozenAt ?? geometry.startOfPass(edge)
    this.#setFont(11, 700)
    this.#gapLabels()
    // The newest get their names first.
    for (const [stamp, text] of [...this.#content.markers].reverse()) {
      if (stamp > edge || stamp < edge - spanS) continue
      const isOld = frozenAt === undefined && stamp < passStart
      const x = geometry.xOf(stamp)
      const bar = geometry.xOf(edge)
      if (isOld && x < bar + 14) continue
      pen.setLineDash([5, 3])
      this.#vertical(x, palette.mark, 1.25, isOld ? 0.6 : 1)
      pen.setLineDash([])
      this.#laneLabel(text, x, isOld ? palette.text3 : palette.mark)
    }
  }

  #gapLabels(): void {
    const { geometry, palette, columns, edge } = this.#sweep
    const { spanS } = geometry.settings
    for (let i = columns.find(edge - spanS) + 1; i < columns.written; i++) {
      const missing = columns.missingBefore(i)
      if (missing === 0 || columns.firstOf(i) > edge) continue
      const seconds = columns.firstOf(i) - columns.lastOf(i - 1)
      const text = missing > 0 ? `${seconds.toFixed(2)} s missing` : `${seconds.toFixed(2)} s not shown`
      this.#laneLabel(text, geometry.xOf(columns.lastOf(i - 1)), missing > 0 ? palette.look : palette.text3)
    }
  }

  edge(): void {
    const { geometry, palette, edge } = this.#sweep
    if (geometry.settings.frozenAt === undefined) this.#vertical(geometry.xOf(edge), palette.text, 1.5)
    const { pointer } = this.#content
    if (pointer && pointer.x > geometry.left && pointer.x < geometry.right) this.#vertical(pointer.x, palette.act, 1)
  }

  lanes(): void {
    const { geometry, palette, columns } = this.#sweep
    const { channels, badges, isNarrow } = geometry.settings
    const { names, rms, pointer, unit } = this.#content
    const pen = this.#pen
    const laneHeight = geometry.laneHeight
    const isCrowded = laneHeight < 13
    const every = Math.max(1, Math.ceil((isCrowded ? 5.5 : 11) / laneHeight))
    const hasPointer = pointer !== undefined && pointer.x > geometry.left && pointer.x < geometry.right
    const column = hasPointer ? columns.find(geometry.stampAt(pointer.x)) : -1
    channels.forEach((channel, lane) => {
      const y = geometry.laneMiddle(lane)
      const badge = badges.get(channel)
      const colour = badge === undefined ? (isCrowded ? palette.text2 : palette.text) : palette.look
      if (lane % every === 0 || badge !== undefined) {
        this.#setFont(isCrowded ? 10.5 : 13, isCrowded && badge === undefined ? 400 : 700)
        pen.textAlign = 'right'
        pen.fillStyle = colour
        const isInner = isCrowded && (lane / every) % 2 === 1
        const x = geometry.left - (isCrowded ? (isInner ? 6 : 30) : 13)
        pen.fillText(shortened(pen, names[channel] ?? `ch_${channel + 1}`, isCrowded ? 26 : 40), x, y)
        if (isCrowded && !isInner) {
          pen.fillStyle = palette.line
          pen.fillRect(x + 3, y, geometry.left - x - 5, 1)
        }
      }
      if (!isCrowded) {
        pen.fillStyle = badge !== undefined ? palette.look : lane % 2 === 0 ? palette.traceA : palette.traceB
        pen.fillRect(geometry.left - 8, y - 5, 3, 10)
      }
      if (isNarrow) return
      pen.textAlign = 'right'
      if (badge !== undefined && !hasPointer) {
        this.#setFont(11, 700)
        this.#box(
          badge,
          geometry.right + 8 + pen.measureText(badge).width / 2 + 6,
          y,
          palette.look,
          palette.well,
          Math.min(16, Math.max(12, laneHeight + 4)),
        )
      } else if (!isCrowded && laneHeight >= 13) {
        this.#setFont(12, 400)
        pen.fillStyle = hasPointer ? palette.act : palette.text2
        const at = columns.at(Math.max(0, column)) + 2 * channel
        const value = hasPointer
          ? ((columns.pairs[at] ?? NaN) + (columns.pairs[at + 1] ?? NaN)) / 2
          : (rms[channel] ?? NaN)
        pen.fillText(figure(value), geometry.width - 16, y)
      }
    })
    if (isNarrow) return
    this.#setFont(11, 400)
    pen.textAlign = 'right'
    pen.fillStyle = palette.text2
    pen.fillText(hasPointer ? unit : `${unit} rms`.trim(), geometry.width - 16, 11)
  }

  scale(): void {
    const { geometry, palette } = this.#sweep
    const bar = geometry.scaleBar()
    const pen = this.#pen
    this.#setFont(11, 400)
    pen.textAlign = 'left'
    pen.fillStyle = palette.text2
    const isAbove = this.#isScaleAbove
    pen.fillText(this.#scaleText, isAbove ? 14 : 4, 11)
    if (bar === undefined) return
    const x = isAbove ? 7 : 9
    const y = isAbove ? bar.pixels / 2 + 2 : Math.max(geometry.laneMiddle(0), geometry.top + bar.pixels / 2 + 1)
    pen.strokeStyle = palette.text2
    pen.lineWidth = 1.5
    pen.beginPath()
    pen.moveTo(x, y - bar.pixels / 2)
    pen.lineTo(x, y + bar.pixels / 2)
    for (const end of [-1, 1]) {
      pen.moveTo(x - 3.5, y + (end * bar.pixels) / 2)
      pen.lineTo(x + 3.5, y + (end * bar.pixels) / 2)
    }
    pen.stroke()
  }

  times(): void {
    const { geometry, palette, edge } = this.#sweep
    const { frozenAt } = geometry.settings
    const { wallMinusLsl, pointer } = this.#content
    const pen = this.#pen
    const y = geometry.bottom + 11
    const digits = geometry.gridS < 1 ? (geometry.gridS < 0.1 ? 2 : 1) : 0
    const passStart = frozenAt === undefined ? geometry.startOfPass(edge) : -Infinity
    const xEdge = geometry.xOf(edge)
    const hasPointer = pointer !== undefined && pointer.x > geometry.left && pointer.x < geometry.right
    this.#setFont(12, 700)
    const text = clockTime((hasPointer ? geometry.stampAt(pointer.x) : edge) + wallMinusLsl, hasPointer ? 3 : 1)
    const half = pen.measureText(text).width / 2 + 6
    const wanted = hasPointer ? pointer.x : xEdge - half
    const boxX = Math.min(Math.max(wanted, geometry.left + half), geometry.right - half)
    this.#setFont(11, 400)
    for (const stamp of geometry.gridStamps()) {
      const x = geometry.xOf(stamp)
      const isOld = stamp < passStart
      if (Math.abs(x - boxX) < half + 32 || (isOld && x < xEdge + 20)) continue
      pen.textAlign = x < geometry.left + 20 ? 'left' : x > geometry.right - 20 ? 'right' : 'center'
      pen.fillStyle = isOld ? palette.text3 : palette.text2
      pen.fillText(clockTime(stamp + wallMinusLsl + 1e-6, digits), x, y)
    }
    this.#setFont(12, 700)
    const colour = hasPointer ? palette.act : palette.text
    pen.fillStyle = colour
    pen.beginPath()
    pen.roundRect(boxX - half, y - 9, 2 * half, 18, 3)
    pen.fill()
    pen.fillStyle = palette.well
    pen.textAlign = 'center'
    pen.fillText(text, boxX, y + 0.5)
  }

  #laneLabel(text: string, x: number, colour: string): void {
    const { geometry, palette } = this.#sweep
    const pen = this.#pen
    this.#setFont(11, 700)
    const shown = shortened(pen, text, 140)
    const width = pen.measureText(shown).width + 10
    const start = Math.min(Math.max(x, this.#scaleEnd), geometry.right - width)
    if (this.#taken.some(([from, to]) => start < to + 4 && start + width > from - 4)) return
    this.#taken.push([start, start + width])
    this.#box(shown, start + width / 2, 12, colour, palette.well, 17)
  }

  #box(text: string, x: number, y: number, colour: string, background: string, height: number): void {
    const pen = this.#pen
    const width = pen.measureText(text).width + 12
    pen.fillStyle = background
    pen.strokeStyle = colour
    pen.lineWidth = 1.25
    pen.beginPath()
    pen.roundRect(x - width / 2, y - height / 2, width, height, 3)
    pen.fill()
    pen.stroke()
    pen.fillStyle = colour
    pen.textAlign = 'center'
    pen.fillText(text, x, y + 0.5)
  }

  #vertical(x: number, colour: string, width: number, share = 1): void {
    const { top, bottom } = this.#sweep.geometry
    const pen = this.#pen
    pen.globalAlpha = share
    pen.strokeStyle = colour
    pen.lineWidth = width
    pen.beginPath()
    pen.moveTo(x, top)
    pen.lineTo(x, bottom)
    pen.stroke()
    pen.globalAlpha = 1
  }

  #setFont(px: number, weight: number): void {
    this.#pen.font = `${weight} ${px}px ${this.#font}`
  }
}

function shortened(pen: CanvasRenderingContext2D, text: string, most: number): string {
  if (pen.measureText(text).width <= most) return text
  let length = text.length
  while (length > 1 && pen.measureText(`${text.slice(0, length)}…`).width > most) length--
  return `${text.slice(0, length)}…`
}
