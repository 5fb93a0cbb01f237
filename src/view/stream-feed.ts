import type { SampleArray } from '../channel-format.js'
import { localClock } from '../clock.js'
import type { StreamInfo } from '../lsl/stream-info.js'
import { RingReader } from '../ring/ring-reader.js'
import type { Window, WindowData } from '../ring/window.js'
import type { StreamWatcher } from '../stream-watcher.js'
import { ChannelWatch } from './plot/channel-watch.js'
import { Envelope } from './plot/envelope.js'
import { StreamTrend } from './plot/stream-trend.js'
import { spectrumOf } from './plot/spectrum.js'
import type { Spectrum } from './plot/spectrum.js'
import type { EnvelopeRequest } from './wire/messages.js'
import type { MarkerItem, StreamDescription, StreamState, StreamStatus } from './wire/status.js'

/** Nothing is believed to be alive that has not been heard from for so long. */
const SILENT_S = 0.5
/** How long a stream that came back is called recovered. */
const RECOVERED_S = 30
/** Stamps further from now than this are of a clock that nobody has compared with ours. */
const FOREIGN_S = 10
/** Clocks that differ by less are the same one, measured. */
const SAME_CLOCK_S = 1e-3
const KEPT_TEXTS = 500
const LONGEST_TEXT = 200
const SPECTRUM_S = 4

/** One stream as viewers see it: reads the watcher's ring beside its owner, and keeps what all viewers share. */
export class StreamFeed {
  readonly watcher: StreamWatcher<WindowData>
  readonly description: StreamDescription
  readonly trend = new StreamTrend()
  /** Sequence number of the newest text, from which viewers go on. */
  texts = 0
  readonly #items: MarkerItem[] = []
  readonly #reader: RingReader<WindowData>
  readonly #channelWatch: ChannelWatch | undefined
  readonly #envelopes = new Map<string, { readonly envelope: Envelope; users: number }>()
  #recoveredAt = -Infinity
  #wasLost = false
  #reconnections = 0

  constructor(key: string, watcher: StreamWatcher<WindowData>) {
    const { info } = watcher
    this.watcher = watcher
    this.description = describe(key, info)
    this.#reader = RingReader.attach(watcher.share())
    this.#reader.cursor = Math.max(0, this.#reader.written() - KEPT_TEXTS)
    const { format, nominalSrate, channels, channelNames } = this.description
    if (format !== 'string' && nominalSrate > 0)
      this.#channelWatch = new ChannelWatch(channels, nominalSrate, channelNames)
    this.#reconnections = watcher.stats.reconnections
  }

  /** Whether it is drawn as traces: a regular stream of numbers. */
  get isRegular(): boolean {
    return this.description.format !== 'string' && this.description.nominalSrate > 0
  }

  /** Reads what the watcher has received since the last time. Never waits, and slows nobody: a slow view is lapped. */
  poll(now: number): void {
    for (;;) {
      const window = this.#reader.takeNew()
      if (window.frames === 0 && window.lost === 0) break
      this.#take(window, now)
      if (window.frames < this.#reader.frames) break
    }
    const { state, stats } = this.watcher
    if (state === 'lost' || state === 'stalled') this.#wasLost = true
    else if (state === 'connected' && (this.#wasLost || stats.reconnections !== this.#reconnections)) {
      this.#wasLost = false
      this.#reconnections = stats.reconnections
      this.#recoveredAt = now
    }
  }

  /** The envelope that a viewer asks for, shared with all who ask for the same. Give it back with {@link StreamFeed.leave}. */
  join({ spanS, columns, highPass = 0, lowPass = 0, reference = 'none' }: EnvelopeRequest): Envelope | undefined {
    const { format, channels, nominalSrate: srate } = this.description
    if (format === 'string' || srate === 0) return undefined
    const binFrames = Math.max(1, Math.floor((srate * spanS) / columns))
    const spec = { channels, srate, format, binFrames, highPass, lowPass, reference }
    const key = JSON.stringify(spec)
    let shared = this.#envelopes.get(key)
    if (shared === undefined) {
      shared = { envelope: new Envelope(spec), users: 0 }
      this.#envelopes.set(key, shared)
      this.#backfill(shared.envelope)
    }
    shared.users++
    return shared.envelope
  }

  leave(envelope: Envelope): void {
    for (const [key, shared] of this.#envelopes)
      if (shared.envelope === envelope && --shared.users === 0) this.#envelopes.delete(key)
  }

  /** The newest seconds of one channel. */
  spectrum(channel: number): Spectrum | undefined {
    const { channels, nominalSrate } = this.description
    const frames = Math.min(this.#reader.frames, Math.round(SPECTRUM_S * nominalSrate))
    const window = this.#reader.latest(frames)
    if (!this.isRegular || window.frames < frames) return undefined
    const data = window.data as SampleArray
    const values = Float64Array.from({ length: frames }, (_, i) => Number(data[i * channels + channel]))
    return window.isIntact() ? spectrumOf(values, nominalSrate) : undefined
  }

  /** The texts with sequence numbers from `from` on, and how many of those wanted are no longer kept. */
  textsFrom(from: number): { readonly items: readonly MarkerItem[]; readonly missed: number } {
    const first = this.texts - this.#items.length
    return { items: this.#items.slice(Math.max(0, from - first)), missed: Math.max(0, first - from) }
  }

  status(now: number): StreamStatus {
    const { stats } = this.watcher
    const state = this.#stateAt(now)
    const isAlive = state === 'connected' || state === 'recovered' || state === 'foreign clock'
    const missing = this.#missingAt(isAlive)
    const correction = stats.timeCorrection
    const newest = this.#reader.lastT
    const latencyS = this.#latencyS()
    const last = this.#items.at(-1)
    return {
      key: this.description.key,
      state,
      ...(isAlive &&
        stats.rateByClock > 0 &&
        Number.isFinite(stats.rateByClock) && { rate: round(stats.rateByClock, 2) }),
      ...(Number.isFinite(stats.ageS) && { ageS: round(Math.max(0, stats.ageS), 4) }),
      ...(isAlive && latencyS !== undefined && { latencyMs: round(1000 * latencyS, 2) }),
      // JSON has no infinity: what an engine does not know is left out.
      ...(correction &&
        Number.isFinite(correction.uncertaintyS) && { uncertaintyMs: round(1000 * correction.uncertaintyS, 2) }),
      ...(stats.foreignClock && { foreignClock: stats.foreignClock }),
      ...(correction && Number.isFinite(correction.offsetS) && { clockOffsetS: round(correction.offsetS, 6) }),
      frames: stats.frames,
      missing,
      missingRecently: this.trend.missingRecently(missing),
      gaps: stats.gaps,
      ...(newest !== 0 && { newest: newest + this.offsetS }),
      ...(last !== undefined && { text: last[1] }),
      badges: isAlive
        ? Array.from(this.#channelWatch?.findings ?? [], ([channel, { badge, since }]) => ({ channel, badge, since }))
        : [],
    }
  }

  /** What puts the stream's stamps on this machine's clock. */
  get offsetS(): number {
    const offsetS = this.watcher.stats.timeCorrection?.offsetS ?? 0
    if (!Number.isFinite(offsetS) || Math.abs(offsetS) < SAME_CLOCK_S) return 0
    // A watcher that corrects its stamps itself tells the offset too: adding it would put them far from now.
    const ageS = localClock() - this.#reader.lastT
    return Math.abs(ageS - offsetS) < Math.abs(ageS) ? offsetS : 0
  }

  #stateAt(now: number): StreamState {
    const { state, stats } = this.watcher
    if (state === 'idle' || state === 'connecting') return 'connecting'
    if (state === 'lost' || state === 'incompatible' || state === 'failed') return state
    if (state === 'disconnected') return 'lost'
    if (state === 'stalled' || (this.isRegular && stats.ageS > SILENT_S)) return 'stalled'
    if (stats.foreignClock !== undefined) return 'foreign clock'
    if (stats.frames > 0 && stats.ageS < SILENT_S && Math.abs(now - this.#reader.lastT - this.offsetS) > FOREIGN_S)
      return 'foreign clock'
    return now - this.#recoveredAt < RECOVERED_S ? 'recovered' : 'connected'
  }

  #missingAt(isAlive: boolean): number {
    const { gapFrames, ageS } = this.watcher.stats
    const { nominalSrate } = this.description
    const pending = isAlive || nominalSrate === 0 || !Number.isFinite(ageS) ? 0 : Math.floor(ageS * nominalSrate)
    return gapFrames + pending
  }

  /** From push to arrival of the newest frame; undefined where both moments are not of the same frame. */
  #latencyS(): number | undefined {
    const before = localClock() - this.watcher.stats.ageS
    const newest = this.#reader.lastT
    const arrival = localClock() - this.watcher.stats.ageS
    if (newest === 0 || Math.abs(arrival - before) > 1e-4) return undefined
    const latencyS = arrival - newest - this.offsetS
    return Math.abs(latencyS) > FOREIGN_S ? undefined : Math.max(0, latencyS)
  }

  #take(window: Window<WindowData>, now: number): void {
    const { data, times, frames, lost } = window
    if (Array.isArray(data)) {
      for (let i = 0; i < frames; i++) this.#addText(times[i] ?? 0, (data[i] ?? []).join(' '))
      return
    }
    if (!this.isRegular) {
      const { channels } = window
      for (let i = Math.max(0, frames - KEPT_TEXTS); i < frames; i++)
        this.#addText(
          times[i] ?? 0,
          Array.from(data.subarray(i * channels, (i + 1) * channels), shortNumber).join('  '),
        )
      return
    }
    const { offsetS } = this
    for (const { envelope } of this.#envelopes.values()) envelope.append(window, offsetS, lost)
    this.#channelWatch?.append(data, frames, now)
  }

  #addText(time: number, text: string): void {
    this.#items.push([time + this.offsetS, text.slice(0, LONGEST_TEXT)])
    this.texts++
    if (this.#items.length > KEPT_TEXTS) this.#items.shift()
  }

  /** What the ring still has goes into a new envelope, so that a trace does not begin empty. */
  #backfill(envelope: Envelope): void {
    const { cursor, frames } = this.#reader
    const window = this.#reader.window(cursor, Math.min(cursor, frames))
    if (window.isIntact()) envelope.append(window, this.offsetS, 0)
  }
}

function describe(key: string, info: StreamInfo): StreamDescription {
  const { name, type, hostname, sourceId, channelCount: channels, channelFormat: format, nominalSrate } = info
  const { channelNames, channelUnits, unread } = info
  const known = { key, name, type, hostname, sourceId, channels, format, nominalSrate, channelNames, channelUnits }
  return unread.length === 0 ? known : { ...known, unread }
}

function shortNumber(value: number | bigint): string {
  return typeof value === 'bigint' ? String(value) : String(Number(value.toPrecision(6)))
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
