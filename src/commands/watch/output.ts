import type { StreamInfo } from '../../lsl/stream-info.js'
import type { WatcherEvents } from '../../workers/watcher/watcher-api.js'
import { clockTime } from '../terminal/clock-time.js'
import { say, sayJson } from '../terminal/say.js'
import { unitSymbol } from '../../unit-symbol.js'
import type { Report } from './observer.js'
import { duration, eventText, figures, missingText, short } from './words.js'

/** Where `dareplane watch` shows what it sees. */
export interface Output {
  /** Seconds between two reports. */
  readonly everyS: number
  begin(info: StreamInfo): void
  /** What is wrong all the time, such as a configuration file that is not obeyed. */
  warning(text: string): void
  report(report: Report): void
  /** A marker, with what its stamp lacks to the clock of this machine. */
  marker(timestamp: number, offsetS: number, values: readonly string[]): void
  event(event: keyof WatcherEvents, detail: object): void
  end(report: Report, seconds: number): void
}

/** Channels whose values a plain line shows; more would not fit one. */
const PLAIN_CHANNELS = 8

/** One line of text a second, for logs and pipes. */
export class PlainLines implements Output {
  readonly everyS = 1
  readonly #channels: readonly number[]
  #names: readonly string[] = []
  #units: readonly string[] = []

  /** Shows the values of the first of `channels`. */
  constructor(channels: readonly number[]) {
    this.#channels = channels.slice(0, PLAIN_CHANNELS)
  }

  begin(info: StreamInfo): void {
    this.#names = info.channelNames
    this.#units = info.channelUnits.map(unitSymbol)
    say(`watching ${info.toString()}`)
  }

  warning(text: string): void {
    say(`warning: ${text}`)
  }

  report(report: Report): void {
    const values = this.#channels.flatMap(channel => {
      const value = report.values?.[channel]
      // Strings are printed on lines of their own.
      if (typeof value !== 'number') return []
      return [`${this.#names[channel] ?? channel + 1} ${short(value)} ${this.#units[channel] ?? ''}`.trimEnd()]
    })
    say([figures(report), ...values].join('  '))
  }

  marker(timestamp: number, offsetS: number, values: readonly string[]): void {
    say(`marker ${clockTime(timestamp + offsetS)}  ${values.map(value => JSON.stringify(value)).join('  ')}`)
  }

  event(event: keyof WatcherEvents, detail: object): void {
    say(eventText(event, detail))
  }

  end(report: Report, seconds: number): void {
    say(`${report.stats.frames} samples of '${report.name}' in ${duration(seconds)}, ${missingText(report)}`)
  }
}

/** One JSON object a line, told apart by `kind`. */
export class JsonLines implements Output {
  readonly everyS = 1

  begin(info: StreamInfo): void {
    const { name, type, channelCount, channelFormat, nominalSrate, sourceId, hostname, uid, channelNames } = info
    const stream = { name, type, channelCount, channelFormat, nominalSrate, sourceId, hostname, uid, channelNames }
    sayJson({ kind: 'stream', ...stream })
  }

  warning(text: string): void {
    sayJson({ kind: 'warning', text })
  }

  report(report: Report): void {
    sayJson({ kind: 'status', ...report })
  }

  marker(timestamp: number, _offsetS: number, values: readonly string[]): void {
    sayJson({ kind: 'marker', timestamp, values })
  }

  event(event: keyof WatcherEvents, detail: object): void {
    sayJson({ kind: 'event', event, ...detail })
  }

  end(report: Report, seconds: number): void {
    sayJson({ kind: 'end', seconds, ...report })
  }
}
