import type { EnvelopeFrame } from '../../wire/frames.js'
import type { SeenStream } from '../state/seen-stream.js'
import type { SignalChoices } from './signal-choices.js'
import type { Store } from '../state/store.js'
import { KINDS } from '../kinds.js'
import { niceScale } from './sweep-geometry.js'
import type { SweepSettings } from './sweep-geometry.js'
import { drawOverlay } from './sweep-overlay.js'
import { Sweep } from './sweep.js'

/** Columns before the automatic scale is chosen. */
const SCALE_COLUMNS = 60
/** The automatic scale changes when the signal is larger by so much. */
const SCALE_STEP = 2.5
/** A lost stream is drawn as one after the time that its chunks may take. */
const QUIET_S = 0.25
const MOVE_S = 0.2

export interface PanelState {
  readonly chosen: SignalChoices
  readonly frozenAt: number | undefined
  readonly autoScale: number | undefined
  readonly seen: SeenStream
}

interface PanelHooks {
  readonly unit: string
  readonly onChannel: (channel: number) => void
  readonly setAutoScale: (scale: number) => void
  readonly setFrozenAt: (update: (before: number | undefined) => number | undefined) => void
}

/** Draws one panel at the screen's rate, but only when something has changed. */
export class TracePanel {
  readonly #store: Store
  readonly #current: () => PanelState
  readonly #hooks: PanelHooks
  readonly #overlay: HTMLCanvasElement
  readonly #sweep: Sweep
  readonly #abort = new AbortController()
  #rms = new Float32Array(0)
  #autoScale = 0
  #look = ''
  #pointer: { x: number; y: number } | undefined
  #raf = 0
  #isDirty = true
  #drawnAt = 0

  constructor(
    base: HTMLCanvasElement,
    overlay: HTMLCanvasElement,
    store: Store,
    current: () => PanelState,
    hooks: PanelHooks,
  ) {
    this.#store = store
    this.#current = current
    this.#hooks = hooks
    this.#overlay = overlay
    this.#sweep = new Sweep(base, current().seen.description.channels, this.#settings())
    const { signal } = this.#abort
    overlay.addEventListener('pointermove', event => this.#point(event), { signal })
    overlay.addEventListener('pointerleave', () => this.#point(undefined), { signal })
    overlay.addEventListener('wheel', event => this.#move((event.deltaY || event.deltaX) / 200), {
      signal,
      passive: true,
    })
    addEventListener(
      'keydown',
      ({ key, target }) => {
        if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return
        if (key === 'ArrowLeft') this.#move(-1)
        if (key === 'ArrowRight') this.#move(1)
      },
      { signal },
    )
    const loop = (): void => {
      this.#raf = requestAnimationFrame(loop)
      this.#draw()
    }
    this.#raf = requestAnimationFrame(loop)
  }

  take(frame: EnvelopeFrame): void {
    if (frame.channels !== this.#sweep.columns.channels) return
    this.#sweep.columns.append(frame)
    this.#rms = Float32Array.from(frame.rms)
    this.#isDirty = true
    if (this.#sweep.columns.written > SCALE_COLUMNS) this.#scaleUp()
  }

  /** The scale follows a signal that has become larger, and never shrinks by itself. */
  #scaleUp(): void {
    const sorted = [...this.#rms].filter(rms => rms > 0).sort((a, b) => a - b)
    // The loudest channels may be artefacts: most traces must fit their lanes.
    const wanted = niceScale(sorted[Math.floor(0.8 * (sorted.length - 1))] ?? 1, this.#sweep.geometry.laneHeight)
    if (wanted < this.#autoScale * SCALE_STEP) return
    this.#autoScale = wanted
    this.#hooks.setAutoScale(wanted)
  }

  /** The server sends all anew, with other columns. */
  restart(): void {
    this.#sweep.columns.written = 0
    this.#isDirty = true
    this.#look = ''
  }

  close(): void {
    this.#abort.abort()
    cancelAnimationFrame(this.#raf)
  }

  #settings(): SweepSettings {
    const { chosen, frozenAt, autoScale, seen } = this.#current()
    const { channels } = seen.description
    return {
      spanS: chosen.span,
      scale: chosen.scale === 'auto' ? (autoScale ?? 1) : chosen.scale,
      channels: Array.from({ length: channels }, (_, i) => i).filter(i => !chosen.hidden.has(i)),
      badges: new Map(seen.status?.badges.map(({ channel, badge }) => [channel, badge])),
      rms: this.#rms,
      frozenAt,
      wallMinusLsl: this.#store.wallMinusLsl || 0,
      isNarrow: innerWidth < 640,
    }
  }

  #draw(): void {
    const now = performance.now()
    const store = this.#store
    const { seen } = this.#current()
    const { isLive } = store
    const isLost = seen.status !== undefined && KINDS[seen.status.state] === 'bad'
    if (
      !this.#isDirty &&
      !(isLost && isLive && now - this.#drawnAt > 50) &&
      !this.#sweep.isResized &&
      now - this.#drawnAt < 500
    )
      return
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    if (calm && now - this.#drawnAt < 500) return
    const settings = this.#settings()
    const look = JSON.stringify([
      settings.spanS, settings.scale, settings.channels, settings.frozenAt, settings.wallMinusLsl, [...settings.badges],
      document.documentElement.className, document.documentElement.dataset['theme'] ?? '',
    ]) // prettier-ignore
    if (look !== this.#look || this.#sweep.isResized) {
      this.#look = look
      this.#sweep.restart(settings)
    }
    this.#isDirty = false
    this.#drawnAt = now
    const { columns } = this.#sweep
    const { newest } = columns
    const nowLsl = isLive ? store.lslNow : (store.status?.lsl ?? NaN)
    // While nothing comes the bar goes on with the clock; where the page itself hears nothing it stands where it was.
    const isQuiet = isLost && Number.isFinite(nowLsl)
    const edge = isQuiet || Number.isNaN(newest) ? Math.max(nowLsl || 0, newest || 0) : newest
    if (!(edge > 0)) return
    this.#sweep.draw(edge)
    if (isLive && Number.isFinite(newest) && !isLost) store.behindS = Math.max(0, nowLsl - newest)
    const missingS = isQuiet ? nowLsl - newest : 0
    drawOverlay(this.#overlay, this.#sweep, {
      names: seen.description.channelNames,
      unit: this.#hooks.unit,
      markers: [...store.streams.values()].flatMap(({ description, texts }) =>
        description.format === 'string' ? texts : [],
      ),
      lost:
        isQuiet && missingS > QUIET_S && Number.isFinite(newest)
          ? {
              since: newest,
              text: `${missingS.toFixed(1)} s missing, ${isLive ? 'still lost' : 'lost when last heard'}`,
            }
          : undefined,
      pointer: this.#pointer,
      rms: isLost ? [] : this.#rms,
      wallMinusLsl: settings.wallMinusLsl,
    })
  }

  #point(event: PointerEvent | undefined): void {
    this.#isDirty = true
    if (event === undefined) {
      this.#pointer = undefined
      return
    }
    const { geometry } = this.#sweep
    this.#pointer = { x: event.offsetX, y: event.offsetY }
    const channel = geometry.settings.channels[Math.floor((event.offsetY - geometry.top) / geometry.laneHeight)]
    if (channel !== undefined) this.#hooks.onChannel(channel)
  }

  /** Looks back, within what is kept, while it is frozen. */
  #move(steps: number): void {
    const { chosen, frozenAt } = this.#current()
    if (frozenAt === undefined) return
    const { columns } = this.#sweep
    const oldest = columns.firstOf(columns.oldest) + chosen.span
    const wanted = frozenAt + steps * MOVE_S * chosen.span
    this.#hooks.setFrozenAt(before =>
      before === undefined ? before : Math.max(oldest, Math.min(wanted, columns.newest)),
    )
    this.#isDirty = true
  }
}
