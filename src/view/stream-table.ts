import type { WindowData } from '../ring/window.js'
import { errorCode } from '../errors.js'
import { streamChanges } from '../lsl/stream-changes.js'
import type { StreamInfo } from '../lsl/stream-info.js'
import { StreamWatcher } from '../stream-watcher.js'
import { StreamFeed } from './stream-feed.js'
import type { AddLine } from './log-tail.js'

/** What a watcher of the view keeps: enough for a spectrum and a view that was held up. */
const BUFFER_S = 5
const CONNECT_S = 10
const RETRY_MS = 1000
/** A stream that was lost for so long is no longer looked for by its own watcher, only by the search for all streams. */
const REST_S = 60

interface Events {
  readonly appeared: (feed: StreamFeed) => void
  readonly gone: (key: string) => void
}

/** The streams that the view shows: those of given watchers, or all that are on the network, each with a watcher of the view's own. */
export class StreamTable {
  readonly feeds = new Map<string, StreamFeed>()
  readonly #events: Events
  readonly #log: AddLine
  readonly #restS: number
  readonly #own = new Set<StreamWatcher<WindowData>>()
  readonly #following = new Set<string>()
  readonly #closing = new AbortController()
  #count = 0
  #finding: Promise<void> | undefined
  /** Settles when the watchers that were put to rest have ended. */
  #resting: Promise<unknown> = Promise.resolve()

  constructor(events: Events, log: AddLine, restS = REST_S) {
    this.#events = events
    this.#restS = restS
    this.#log = log
  }

  /** Shows the ring of a watcher that somebody else owns. */
  add(watcher: StreamWatcher<WindowData>): StreamFeed {
    const feed = new StreamFeed(`s${++this.#count}`, watcher)
    const { key, name, unread = [] } = feed.description
    if (unread.length > 0) this.#log('warn', name, 'part of its metadata cannot be read', { unread: unread.join('; ') })
    this.feeds.set(key, feed)
    watcher.on('lost', ({ reason }) => this.#log('error', name, 'lost', { reason }))
    watcher.on('stalled', ({ ageS }) => this.#log('warn', name, 'stalled', { ageS: Number(ageS.toFixed(3)) }))
    watcher.on('recovered', ({ after, gapS, gapFrames }) =>
      this.#log('info', name, 'recovered', { after, gapS: Number(gapS.toFixed(3)), missing: gapFrames }),
    )
    watcher.on('foreignClock', ({ clock, ageS }) =>
      this.#log('warn', name, 'its stamps are of another clock', { clock, ageS: Number(ageS.toFixed(1)) }),
    )
    watcher.on('incompatible', detail => this.#log('error', name, 'came back with another shape', { ...detail }))
    watcher.on('failed', ({ reason }) => this.#log('error', name, 'its watcher has died', { reason }))
    this.#events.appeared(feed)
    return feed
  }

  /** Follows all streams on the network from now on. */
  follow(predicate: string): void {
    this.#finding ??= this.#find(predicate).catch((error: unknown) => {
      this.#log('error', 'view', 'cannot look for streams', { reason: reasonOf(error) })
    })
  }

  poll(now: number): void {
    for (const feed of this.feeds.values()) {
      feed.poll(now)
      const { state, stats } = feed.watcher
      if (state === 'lost' && stats.ageS > this.#restS && this.#own.has(feed.watcher)) this.#rest(feed)
    }
  }

  /** No longer shows a stream that is not there. Of what is there nothing is forgotten. */
  forget(key: string, now: number): void {
    const feed = this.feeds.get(key)
    if (feed === undefined || !['lost', 'failed'].includes(feed.status(now).state)) return
    this.#remove(key)
    if (this.#own.delete(feed.watcher)) void feed.watcher.disconnect()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.#finding, this.#resting])
    await Promise.all([...this.#own].map(watcher => watcher.disconnect()))
  }

  async #find(predicate: string): Promise<void> {
    const { signal } = this.#closing
    for await (const { change, info } of streamChanges(predicate, { signal })) {
      const identity = identityOf(info)
      // A stream that comes back as the same one is found again by its watcher.
      if (change !== 'appeared' || this.#following.has(identity)) continue
      this.#following.add(identity)
      void this.#watch(info).then(
        feed => {
          if (feed === undefined) this.#following.delete(identity)
        },
        (error: unknown) => {
          this.#following.delete(identity)
          this.#log('warn', info.name, 'cannot be watched', { reason: reasonOf(error) })
        },
      )
    }
  }

  async #watch(info: StreamInfo): Promise<StreamFeed | undefined> {
    const watcher = new StreamWatcher<WindowData>({ name: info.name, bufferSizeS: BUFFER_S })
    this.#own.add(watcher)
    try {
      await watcher.connectToStream({ predicate: `uid='${info.uid}'`, timeoutS: CONNECT_S })
    } catch (error) {
      this.#own.delete(watcher)
      if (errorCode(error) === 'ERR_STREAM_NOT_FOUND') return undefined
      throw error
    }
    if (this.#closing.signal.aborted) return undefined
    // The stream is back after a long time: its old feed is dropped for the new one.
    for (const [key, { watcher: old }] of this.feeds)
      if (!this.#own.has(old) && identityOf(old.info) === identityOf(info)) this.#drop(key)
    const feed = this.add(watcher)
    watcher.on('incompatible', () => void this.#again(feed, info))
    return feed
  }

  /** A stream that came back with another shape needs another ring. */
  async #again(feed: StreamFeed, info: StreamInfo): Promise<void> {
    const { name, type, sourceId } = info
    await feed.watcher.disconnect()
    this.#own.delete(feed.watcher)
    while (!this.#closing.signal.aborted) {
      const watcher = new StreamWatcher<WindowData>({ name, bufferSizeS: BUFFER_S })
      this.#own.add(watcher)
      try {
        await watcher.connectToStream({ name, type, ...(sourceId !== '' && { sourceId }), timeoutS: CONNECT_S })
        this.#remove(feed.description.key)
        const next = this.add(watcher)
        watcher.on('incompatible', () => void this.#again(next, watcher.info))
        return
      } catch {
        // The stream went away again. It is looked for until it is there or the view is closed.
        this.#own.delete(watcher)
        await new Promise(resolve => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  /** Ends the thread of a watcher whose stream is lost; the stream stays on the page, lost, until it is back or forgotten. */
  #rest({ watcher }: StreamFeed): void {
    this.#own.delete(watcher)
    this.#following.delete(identityOf(watcher.info))
    this.#resting = Promise.all([this.#resting, watcher.disconnect()])
  }

  #remove(key: string): void {
    const feed = this.feeds.get(key)
    if (feed === undefined) return
    this.#following.delete(identityOf(feed.watcher.info))
    this.#drop(key)
  }

  #drop(key: string): void {
    this.feeds.delete(key)
    this.#events.gone(key)
  }
}

/** The same device after a restart. */
function identityOf({ name, type, sourceId, hostname }: StreamInfo): string {
  return JSON.stringify([name, type, sourceId, hostname])
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
