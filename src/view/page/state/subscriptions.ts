import type { Link } from '../../../browser/link.js'
import type { EnvelopeFrame } from '../../wire/frames.js'
import type { ClientMessage, ServerMessage } from '../../wire/messages.js'

type Spectrum = Extract<ServerMessage, { type: 'spectrum' }>

/** The time over which updates are counted. */
const COUNTED_MS = 2000
/** Frames of several streams that come together are one update. */
const TOGETHER_MS = 15

/** What the page has subscribed to, and who draws it. After a reconnect all is subscribed to again. */
export class Subscriptions {
  /** How often the picture changes, per second. */
  updatesPerS = 0
  readonly #link: Link
  readonly #frames = new Map<number, (frame: EnvelopeFrame) => void>()
  readonly #spectra = new Map<number, (spectrum: Spectrum) => void>()
  readonly #asks = new Set<() => void>()
  #count = 0
  #updates: number[] = []

  constructor(link: Link) {
    this.#link = link
  }

  /** Subscribes to columns of minimum and maximum; `restarted` is called before each request. Answers what ends it. */
  envelope(
    request: () => Omit<Extract<ClientMessage, { type: 'subscribe'; kind: 'envelope' }>, 'id' | 'type' | 'kind'>,
    take: (frame: EnvelopeFrame) => void,
    restarted: () => void,
  ): () => void {
    const id = ++this.#count
    this.#frames.set(id, frame => {
      take(frame)
      this.#noteUpdate()
      // Credit is given after the frame was taken, so that a slow or hidden page gets fewer frames.
      this.#link.send({ type: 'credit', id, credits: 1 })
    })
    return this.#subscribe(id, this.#frames, () => {
      restarted()
      this.#link.send({ type: 'subscribe', kind: 'envelope', id, ...request() })
    })
  }

  /** Subscribes to the spectrum of one channel. Answers what ends it. */
  spectrum(stream: string, channel: number, take: (spectrum: Spectrum) => void): () => void {
    const id = ++this.#count
    this.#spectra.set(id, take)
    return this.#subscribe(
      id,
      this.#spectra,
      () => void this.#link.send({ type: 'subscribe', kind: 'spectrum', id, stream, channel }),
    )
  }

  /** The connection is there, again or for the first time. */
  opened(): void {
    for (const ask of this.#asks) ask()
  }

  heardFrame(frame: EnvelopeFrame): void {
    this.#frames.get(frame.id)?.(frame)
  }

  heardSpectrum(spectrum: Spectrum): void {
    this.#spectra.get(spectrum.id)?.(spectrum)
  }

  /** To be called now and then. */
  tick(now: number): void {
    this.#updates = this.#updates.filter(at => now - at <= COUNTED_MS)
    this.updatesPerS = this.#updates.length / (COUNTED_MS / 1000)
  }

  #subscribe(id: number, takers: Map<number, unknown>, ask: () => void): () => void {
    this.#asks.add(ask)
    ask()
    return () => {
      this.#asks.delete(ask)
      takers.delete(id)
      this.#link.send({ type: 'unsubscribe', id })
    }
  }

  #noteUpdate(): void {
    const now = performance.now()
    if (now - (this.#updates.at(-1) ?? 0) > TOGETHER_MS) this.#updates.push(now)
  }
}
