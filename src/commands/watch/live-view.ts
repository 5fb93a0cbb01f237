import { clearScreenDown, cursorTo, moveCursor } from 'node:readline'
import type { WriteStream } from 'node:tty'
import type { StreamInfo } from '../../lsl/stream-info.js'
import type { StreamWatcher } from '../../stream-watcher.js'
import type { WatcherEvents } from '../../workers/watcher-api.js'
import type { Report } from './observer.js'
import type { Output } from './output.js'
import { columnMeans, sparkLine } from './spark-line.js'
import { duration, eventText, figures, short } from './words.js'

/** Markers and events that stay on the screen. */
const REMEMBERED = 10
const LABEL_COLUMNS = 12
const VALUE_COLUMNS = 12

/** A view that redraws itself in place: the figures, a spark line per channel or the newest markers, the newest events. */
export class LiveView implements Output {
  readonly everyS = 0.2
  readonly #terminal: WriteStream
  readonly #watcher: StreamWatcher
  #title = ''
  #drawn = 0
  #markers: string[] = []
  #events: string[] = []

  constructor(terminal: WriteStream, watcher: StreamWatcher) {
    this.#terminal = terminal
    this.#watcher = watcher
  }

  begin(info: StreamInfo): void {
    this.#title = info.toString()
  }

  report(report: Report): void {
    const { rows } = this.#terminal
    const head = [this.#title, figures(report)]
    const body = this.#watcher.info.channelFormat === 'string' ? this.#markers : this.#channels(report)
    const room = Math.max(1, rows - head.length - this.#events.length - 2)
    const cut = body.length > room ? [...body.slice(0, room - 1), `... ${body.length - room + 1} more channels`] : body
    this.#draw([...head, ...cut, ...this.#events])
  }

  marker(timestamp: number, values: readonly string[]): void {
    this.#markers = [...this.#markers, `${timestamp.toFixed(4)}  ${values.join('  ')}`].slice(-REMEMBERED)
  }

  event(event: keyof WatcherEvents, detail: object): void {
    this.#events = [...this.#events, eventText(event, detail)].slice(-REMEMBERED)
  }

  end(report: Report, seconds: number): void {
    this.report(report)
    this.#terminal.write(`watched for ${duration(seconds)}\n`)
  }

  #channels({ values = [] }: Report): string[] {
    const { channelNames, channelUnits, channelCount } = this.#watcher.info
    const { data } = this.#watcher.snapshot(this.#watcher.unfoldBufferT().length)
    const columns = Math.max(8, Math.min(60, this.#terminal.columns - LABEL_COLUMNS - VALUE_COLUMNS - 16))
    return values.map((value, c) => {
      const spark = Array.isArray(data) ? '' : sparkLine(columnMeans(data, channelCount, c, columns))
      const label = (channelNames[c] ?? '').slice(0, LABEL_COLUMNS).padEnd(LABEL_COLUMNS)
      return `${label} ${spark.padEnd(columns)} ${short(value).padStart(VALUE_COLUMNS)} ${channelUnits[c] ?? ''}`
    })
  }

  #draw(lines: readonly string[]): void {
    const { columns } = this.#terminal
    moveCursor(this.#terminal, 0, -this.#drawn)
    cursorTo(this.#terminal, 0)
    clearScreenDown(this.#terminal)
    // A line that wraps would move the rest out of its place.
    this.#terminal.write(lines.map(line => `${line.slice(0, columns - 1)}\n`).join(''))
    this.#drawn = lines.length
  }
}
