/** What a panel of traces shows. */
export interface SweepSettings {
  readonly spanS: number
  /** Half a lane, in the unit of the stream; 'each': every channel fills its own lane. */
  readonly scale: number | 'each'
  /** The channels shown, from the top. */
  readonly channels: readonly number[]
  /** Channels that cannot be right. */
  readonly badges: ReadonlyMap<number, string>
  /** rms of each channel, for lanes with a scale of their own. */
  readonly rms: ArrayLike<number>
  /** What is shown ends here and stands still; undefined: it is live. */
  readonly frozenAt: number | undefined
  /** Puts the sweep on whole seconds of the wall clock. */
  readonly wallMinusLsl: number
  readonly isNarrow: boolean
}

const TOP = 24
const BOTTOM = 22
const STEPS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30]
const NICE = [1, 2, 5]
/** An rms fills this share of half a lane where every channel has its own scale. */
const RMS_SHARE = 0.35

/** Where everything of a panel is, in CSS pixels. Plus is up. */
export class SweepGeometry {
  readonly settings: SweepSettings
  readonly width: number
  readonly height: number
  readonly ratio: number
  readonly left: number
  readonly right: number
  readonly top = TOP
  readonly bottom: number
  /** The newest moment shown, where the picture stands still. */
  end = 0

  constructor(canvas: HTMLCanvasElement, settings: SweepSettings) {
    this.settings = settings
    this.width = canvas.clientWidth
    this.height = canvas.clientHeight
    this.ratio = Math.min(globalThis.devicePixelRatio || 1, 2)
    this.left = 56
    this.right = this.width - (settings.isNarrow ? 10 : 66)
    this.bottom = this.height - BOTTOM
  }

  get plotWidth(): number {
    return this.right - this.left
  }

  get laneHeight(): number {
    return (this.bottom - this.top) / Math.max(1, this.settings.channels.length)
  }

  laneMiddle(lane: number): number {
    return this.top + (lane + 0.5) * this.laneHeight
  }

  /** How many pixels up one unit is. */
  pixelsPerUnit(channel: number): number {
    const { scale, rms } = this.settings
    const half = scale === 'each' ? (rms[channel] ?? 0) / RMS_SHARE || 1 : scale
    return this.laneHeight / 2 / half
  }

  /** Which sweep a moment belongs to. */
  passOf(stamp: number): number {
    return Math.floor((stamp + this.settings.wallMinusLsl) / this.settings.spanS)
  }

  startOfPass(stamp: number): number {
    return this.passOf(stamp) * this.settings.spanS - this.settings.wallMinusLsl
  }

  xOf(stamp: number): number {
    const { spanS, frozenAt } = this.settings
    const share =
      frozenAt === undefined ? (stamp - this.startOfPass(stamp)) / spanS : (stamp - frozenAt + spanS) / spanS
    return this.left + share * this.plotWidth
  }

  /** The moment at `x`, of the newest sweep that has come so far. */
  stampAt(x: number): number {
    const { spanS, frozenAt } = this.settings
    const share = (x - this.left) / this.plotWidth
    if (frozenAt !== undefined) return frozenAt - spanS + share * spanS
    const stamp = this.startOfPass(this.end) + share * spanS
    return stamp <= this.end ? stamp : stamp - spanS
  }

  /** From one moment to another as areas from left to right: two where the sweep begins anew, all where it is longer. */
  areas(from: number, to: number): [number, number][] {
    const { spanS, frozenAt } = this.settings
    if (frozenAt !== undefined) {
      const [x0, x1] = [Math.max(this.left, this.xOf(from)), Math.min(this.right, this.xOf(to))]
      return x1 > x0 ? [[x0, x1]] : []
    }
    if (to - from >= spanS) return [[this.left, this.right]]
    const [x0, x1] = [this.xOf(from), this.xOf(to)]
    if (this.passOf(from) === this.passOf(to)) return [[x0, x1]]
    return [
      [x0, this.right],
      [this.left, x1],
    ]
  }

  /** Seconds between two lines of the grid. */
  get gridS(): number {
    const { spanS } = this.settings
    const most = Math.max(1, Math.floor(this.plotWidth / 110))
    return STEPS.find(step => spanS / step <= most) ?? spanS
  }

  /** Where the lines of the grid are. */
  gridLines(): number[] {
    return this.gridStamps().map(stamp => this.xOf(stamp))
  }

  /** The moments of the grid within the span that ends at `end`. */
  gridStamps(): number[] {
    const { spanS, wallMinusLsl, frozenAt } = this.settings
    const step = this.gridS
    const end = (frozenAt ?? this.end) + wallMinusLsl
    const stamps: number[] = []
    for (let k = Math.ceil((end - spanS) / step - 1e-9); k * step <= end; k++) stamps.push(k * step - wallMinusLsl)
    return stamps
  }

  /** The value and height of the scale bar: 1, 2 or 5 of a power of ten, from 13 pixels up. */
  scaleBar(): { readonly value: number; readonly pixels: number } | undefined {
    const { scale } = this.settings
    if (scale === 'each') return undefined
    const pixels = this.pixelsPerUnit(0)
    const power = 10 ** Math.floor(Math.log10(13 / pixels))
    for (const step of [...NICE, 10]) {
      const value = step * power
      if (value * pixels >= 13) return { value, pixels: value * pixels }
    }
    return { value: 10 * power, pixels: 10 * power * pixels }
  }
}

/** A scale for signals of that rms: 1, 2 or 5 of a power of ten. In narrow lanes traces may reach over their neighbours. */
export function niceScale(rms: number, laneHeight: number): number {
  if (!(rms > 0)) return 1
  const wanted = (laneHeight >= 20 ? 3.2 : laneHeight >= 10 ? 1.6 : 0.8) * rms
  const power = 10 ** Math.floor(Math.log10(wanted))
  return ([...NICE, 10].find(step => step * power >= wanted) ?? 10) * power
}
