import type { StreamInfo } from '../../lsl/stream-info.js'
import type { WatcherEvents } from '../../workers/watcher-api.js'
import type { Report } from './observer.js'
import { duration, eventText, figures, short } from './words.js'

/** Where `dareplane watch` shows what it sees. */
export interface Output {
  /** Seconds between two reports. */
  readonly everyS: number
  begin(info: StreamInfo): void
  report(report: Report): void
  marker(timestamp: number, values: readonly string[]): void
  event(event: keyof WatcherEvents, detail: object): void
  end(report: Report, seconds: number): void
}

/** Channels whose values a plain line shows; more would not fit one. */
const PLAIN_CHANNELS = 8

/** One line of text a second, for logs and pipes. */
export class PlainLines implements Output {
  readonly everyS = 1
  #names: readonly string[] = []

  begin(info: StreamInfo): void {
    this.#names = info.channelNames
    console.log(`watching ${info.toString()}`)
  }

  report(report: Report): void {
    // Strings have had their own lines.
    const numbers = (report.values ?? []).filter(value => typeof value === 'number').slice(0, PLAIN_CHANNELS)
    console.log([figures(report), ...numbers.map((value, c) => `${this.#names[c] ?? c} ${short(value)}`)].join('  '))
  }

  marker(timestamp: number, values: readonly string[]): void {
    console.log(`marker ${timestamp.toFixed(4)}  ${values.map(value => JSON.stringify(value)).join('  ')}`)
  }

  event(event: keyof WatcherEvents, detail: object): void {
    console.log(eventText(event, detail))
  }

  end({ name, stats }: Report, seconds: number): void {
    console.log(
      `${stats.frames} frames of '${name}' in ${duration(seconds)}, ${stats.lost} lost, ${stats.lapped} lapped`,
    )
  }
}

/** One JSON object a line, told apart by `kind`. */
export class JsonLines implements Output {
  readonly everyS = 1

  begin({
    name,
    type,
    channelCount,
    channelFormat,
    nominalSrate,
    sourceId,
    hostname,
    uid,
    channelNames,
  }: StreamInfo): void {
    const stream = { name, type, channelCount, channelFormat, nominalSrate, sourceId, hostname, uid, channelNames }
    this.#print({ kind: 'stream', ...stream })
  }

  report(report: Report): void {
    this.#print({ kind: 'status', ...report })
  }

  marker(timestamp: number, values: readonly string[]): void {
    this.#print({ kind: 'marker', timestamp, values })
  }

  event(event: keyof WatcherEvents, detail: object): void {
    this.#print({ kind: 'event', event, ...detail })
  }

  end(report: Report, seconds: number): void {
    this.#print({ kind: 'end', seconds, ...report })
  }

  #print(line: object): void {
    console.log(JSON.stringify(line))
  }
}
