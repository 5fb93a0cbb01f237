import type { ClientSocket } from './client-socket.js'
import type { StreamFeed } from './stream-feed.js'
import { EnvelopeSubscription, SamplesSubscription } from './subscriptions.js'
import type { Subscription } from './subscriptions.js'
import type { ClientMessage } from './wire/messages.js'

const MOST_SUBSCRIPTIONS = 256
const MOST_CREDITS = 1000
const SPECTRUM_EVERY_MS = 500

/** What one client has asked for, by the numbers that it has given. */
export class SubscriptionTable {
  readonly #socket: ClientSocket
  readonly #subscriptions = new Map<number, Subscription>()
  readonly #spectra = new Map<number, { readonly feed: StreamFeed; readonly channel: number }>()
  #spectrumDue = 0

  constructor(socket: ClientSocket) {
    this.#socket = socket
  }

  /** Adds a subscription, in place of the one with its number. The client hears that it has it, or why not. */
  add(feed: StreamFeed | undefined, message: Extract<ClientMessage, { type: 'subscribe' }>): void {
    const { id } = message
    this.remove(id)
    if (feed === undefined) this.#refuse(id, 'there is no such stream')
    else if (this.#subscriptions.size + this.#spectra.size >= MOST_SUBSCRIPTIONS)
      this.#refuse(id, 'too many subscriptions')
    else if (message.kind === 'spectrum') {
      if (message.channel < feed.description.channels && feed.isRegular)
        this.#spectra.set(id, { feed, channel: message.channel })
      this.#spectrumDue = 0
    } else if (message.kind === 'samples') {
      const subscription = new SamplesSubscription(feed, message, this.#socket.sendFrame)
      this.#subscriptions.set(id, subscription)
      this.#socket.send({ type: 'subscribed', id, next: subscription.next })
    } else {
      const envelope = feed.join(message)
      if (envelope === undefined) {
        this.#refuse(id, 'only a regular stream of numbers has an envelope')
        return
      }
      this.#subscriptions.set(id, new EnvelopeSubscription(feed, envelope, message, this.#socket.sendFrame))
      this.#socket.send({ type: 'subscribed', id, columnS: envelope.spec.binFrames / envelope.spec.srate })
    }
  }

  remove(id: number): void {
    this.#subscriptions.get(id)?.close()
    this.#subscriptions.delete(id)
    this.#spectra.delete(id)
  }

  /** Removes all of one stream, by its key. */
  removeStream(key: string): void {
    for (const table of [this.#subscriptions, this.#spectra])
      for (const [id, { feed }] of table) if (feed.description.key === key) this.remove(id)
  }

  clear(): void {
    for (const id of [...this.#subscriptions.keys(), ...this.#spectra.keys()]) this.remove(id)
  }

  credit(id: number, credits: number): void {
    const subscription = this.#subscriptions.get(id)
    if (subscription) subscription.credits = Math.min(MOST_CREDITS, subscription.credits + credits)
  }

  /** Sends the frames that there are and that the client has credit for. */
  flush(): void {
    for (const subscription of this.#subscriptions.values()) subscription.flush()
  }

  /** Sends the spectra when they are due. */
  flushSpectra(now: number): void {
    if (this.#spectra.size === 0 || now < this.#spectrumDue) return
    this.#spectrumDue = now + SPECTRUM_EVERY_MS
    for (const [id, { feed, channel }] of this.#spectra) {
      const spectrum = feed.spectrum(channel)
      if (spectrum) this.#socket.send({ type: 'spectrum', id, channel, ...spectrum })
    }
  }

  #refuse(id: number, reason: string): void {
    this.#socket.send({ type: 'refused', id, reason })
  }
}
