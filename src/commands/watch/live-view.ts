import { clearScreenDown, cursorTo, moveCursor } from 'node:readline'
import type { WriteStream } from 'node:tty'
import { localClock } from '../../clock.js'
import type { StreamInfo } from '../../lsl/stream-info.js'
import { safeName } from '../../safe-text.js'
import type { WindowData } from '../../ring/window.js'
import type { StreamWatcher } from '../../stream-watcher.js'
import type { WatcherEvents } from '../../workers/watcher/watcher-api.js'
import { clockTime } from '../terminal/clock-time.js'
import { paint } from '../terminal/paint.js'
import type { Colour } from '../terminal/paint.js'
import { channelLines } from './channel-lines.js'
import type { Report } from './observer.js'
import type { Output } from './output.js'
import { duration, eventText, foreignText, latencyText, missingText, rateText } from './words.js'

/** Markers that stay in memory, events that stay on the screen. */
const MARKERS = 200
const EVENTS = 5
const COLOURS: Partial<Record<string, Colour>> = { connected: 'green', stalled: 'yellow', lost: 'red', incompatible: 'red', failed: 'red' } // prettier-ignore

/** A view that redraws itself in place: the figures, a spark line per channel or the newest markers, the newest events. */
export class LiveView implements Output {
  readonly everyS = 0.2
  readonly #terminal: WriteStream
  readonly #watcher: StreamWatcher<WindowData>
  readonly #channels: readonly number[]
  readonly #hasKeys: boolean
  #title = ''
  readonly #warnings: string[] = []
  #drawn = 0
  #markers: string[] = []
  #events: string[] = []
  #last: Report | undefined
  /** The lines of the channels as they were when the view was paused. */
  #frozen: string[] | undefined
  #isShared = true
  #first = 0

  /** Shows `channels`, counted from 0. `hasKeys`: {@link LiveView.key} is called. */
  constructor(
    terminal: WriteStream,
    watcher: StreamWatcher<WindowData>,
    { channels, hasKeys }: { readonly channels: readonly number[]; readonly hasKeys: boolean },
  ) {
    this.#terminal = terminal
    this.#watcher = watcher
    this.#channels = channels
    this.#hasKeys = hasKeys
  }

  begin(info: StreamInfo): void {
    this.#title = info.toString()
  }

  warning(text: string): void {
    this.#warnings.push(`WARNING: ${text}`)
  }

  /** `p` holds the picture, `s` changes the scale, `up` and `down` move among the channels. */
  key(key: string): void {
    if (key === 'p') this.#frozen = this.#frozen ? undefined : this.#body(this.#last)
    if (key === 's') this.#isShared = !this.#isShared
    if (key === 'up') this.#first--
    if (key === 'down') this.#first++
    if (this.#last) this.report(this.#last)
  }

  report(report: Report): void {
    this.#last = report
    const foreign = foreignText(report)
    const figures = [latencyText(report.latency), `age ${duration(report.stats.ageS)}`, ...foreign].join('  ')
    const head = [this.#title, '', figures, ...this.#warnings]
    const lines = [...head, ...(this.#frozen ?? this.#body(report)), ...this.#events, ...this.#help]
    this.#draw(lines.map(safeName), this.#status(report))
  }

  marker(timestamp: number, offsetS: number, values: readonly string[]): void {
    this.#markers = [...this.#markers, `${clockTime(timestamp + offsetS)}  ${values.join('  ')}`].slice(-MARKERS)
  }

  event(event: keyof WatcherEvents, detail: object): void {
    this.#events = [...this.#events, `${clockTime(localClock())}  ${eventText(event, detail)}`].slice(-EVENTS)
  }

  end(report: Report, seconds: number): void {
    this.#frozen = undefined
    this.report(report)
    this.#terminal.write(`watched for ${duration(seconds)}: ${report.stats.frames} samples, ${missingText(report)}\n`)
  }

  get #help(): string[] {
    if (!this.#hasKeys) return []
    const keys = ['q ends', this.#frozen ? 'p goes on' : 'p pauses']
    if (this.#watcher.info.channelFormat !== 'string') {
      keys.push(this.#isShared ? 's gives each channel its scale' : 's gives all one scale', 'up and down move')
    }
    return [`keys: ${keys.join(', ')}`]
  }

  /** Rows that the channels or markers may take. */
  get #room(): number {
    return Math.max(1, this.#terminal.rows - 3 - this.#warnings.length - this.#events.length - this.#help.length - 2)
  }

  #status(report: Report): { readonly text: string; readonly colour: Colour | undefined } {
    const state = this.#frozen ? `PAUSED, the stream is ${report.state}` : report.state.toUpperCase()
    const parts = [clockTime(localClock()).slice(0, 8), state, rateText(report), `${report.stats.frames} samples`]
    return { text: [...parts, missingText(report)].join('  '), colour: this.#frozen ? 'yellow' : COLOURS[report.state] }
  }

  #body(report: Report | undefined): string[] {
    if (this.#watcher.info.channelFormat === 'string') return this.#markers.slice(-this.#room)
    if (report?.values === undefined) return []
    const { data } = this.#watcher.snapshot(this.#watcher.unfoldBufferT().length)
    if (Array.isArray(data)) return []
    const room = Math.max(1, this.#room - 1)
    this.#first = Math.max(0, Math.min(this.#first, this.#channels.length - room))
    const isCut = this.#channels.length > room
    const channels = this.#channels.slice(this.#first, this.#first + (isCut ? Math.max(1, room - 1) : room))
    const { columns } = this.#terminal
    const { info } = this.#watcher
    const isShared = this.#isShared
    const lines = channelLines({ info, samples: data, values: report.values, channels, columns, isShared })
    const from = this.#first + 1
    return isCut ? [...lines, `${from} to ${from - 1 + channels.length} of ${this.#channels.length} channels`] : lines
  }

  #draw(lines: readonly string[], status: { readonly text: string; readonly colour: Colour | undefined }): void {
    const { columns } = this.#terminal
    moveCursor(this.#terminal, 0, -this.#drawn)
    cursorTo(this.#terminal, 0)
    clearScreenDown(this.#terminal)
    // A line that wraps would move the rest out of its place.
    const cutLines = lines.map(line => line.slice(0, columns - 1))
    const shown = safeName(status.text).slice(0, columns - 1)
    cutLines[1] = status.colour === undefined ? shown : paint(this.#terminal, status.colour, shown)
    const fitting = cutLines.slice(0, Math.max(3, this.#terminal.rows - 1))
    this.#terminal.write(fitting.map(line => `${line}\n`).join(''))
    this.#drawn = fitting.length
  }
}
