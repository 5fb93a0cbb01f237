import { setMaxListeners } from 'node:events'
import type { EngineOptions } from '../lsl/choose-engine.js'
import { streamChanges } from '../lsl/stream-changes.js'
import type { StreamInfo } from '../lsl/stream-info.js'
import { StreamWatcher } from '../stream-watcher.js'
import { pause } from '../system/until.js'
import type { StreamWatcherOptions } from '../workers/watcher/watcher-options.js'
import { isComeback } from './comeback.js'
import type { RecordedStream } from './recorded-stream.js'
import { ringSize } from './ring-size.js'

/** Between two tries to connect to an outlet that refuses, and to search where that went wrong. */
const AGAIN_MS = 1000

export interface FollowerOptions {
  /** XPath 1.0; '' for all. */
  readonly predicate: string
  readonly holdS: number
  readonly engineOptions: EngineOptions
  /** What is being recorded already. */
  readonly recorded: () => readonly RecordedStream[]
  /** A stream is there that is to be recorded: its watcher is connected. */
  readonly connected: (watcher: StreamWatcher) => void
  /** An outlet cannot be connected to; it is tried again. Told once for each. */
  readonly refused: (info: StreamInfo, reason: string) => void
}

/** Finds the streams to record: those that are there and those that appear, each once, however often its outlet restarts. */
export class StreamFollower {
  readonly #options: FollowerOptions
  readonly #stop = new AbortController()
  /** The outlets that are on the network, by uid. */
  readonly #present = new Set<string>()
  /** On a busy machine an outlet is forgotten, and appears again, before it is connected to. */
  readonly #connecting = new Map<string, Promise<void>>()
  readonly #following: Promise<void>

  constructor(options: FollowerOptions) {
    this.#options = options
    // Every stream that is being connected to adds a listener, so there is no bound that would warn of a leak.
    setMaxListeners(0, this.#stop.signal)
    this.#following = this.#follow()
  }

  /** An outlet that nothing is recorded from. */
  found(info: StreamInfo): void {
    if (this.#stop.signal.aborted || this.#connecting.has(info.uid)) return
    const connecting = this.#record(info).finally(() => this.#connecting.delete(info.uid))
    this.#connecting.set(info.uid, connecting)
  }

  /** No more is found from now on; resolves when what was being connected to has been released. Idempotent. */
  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all([this.#following, ...this.#connecting.values()])
  }

  async #follow(): Promise<void> {
    const { predicate, engineOptions } = this.#options
    const { signal } = this.#stop
    while (!signal.aborted) {
      try {
        for await (const { change, info } of streamChanges(predicate, { ...engineOptions, signal })) {
          if (change === 'disappeared') this.#present.delete(info.uid)
          else {
            this.#present.add(info.uid)
            this.found(info)
          }
        }
      } catch {
        // The predicate was tried before. Whatever else it is, what is being recorded goes on, and the search begins anew.
        await pause(AGAIN_MS, signal)
      }
    }
  }

  async #record(info: StreamInfo): Promise<void> {
    const { recorded, refused } = this.#options
    const { signal } = this.#stop
    const alike = recorded().filter(stream => stream.isLike(info) && stream.state !== 'failed')
    if (alike.length > 0 && (await isComeback(info.uid, alike, signal))) return
    for (let isFirst = true; this.#present.has(info.uid) && !signal.aborted; isFirst = false) {
      try {
        await this.#connect(info)
        return
      } catch (error) {
        if (isFirst) refused(info, error instanceof Error ? error.message : String(error))
      }
      await pause(AGAIN_MS, signal)
    }
  }

  async #connect(info: StreamInfo): Promise<void> {
    const { holdS, engineOptions, connected } = this.#options
    const watcher = await watchFound(info, { ...ringSize(info, holdS), ...engineOptions }, this.#stop.signal)
    if (watcher !== undefined) connected(watcher)
  }
}

/** A watcher of the very outlet that was found; undefined when `signal` ended that. Rejects as connectToStream() does. */
async function watchFound(
  info: StreamInfo,
  options: Omit<StreamWatcherOptions, 'name'>,
  signal: AbortSignal,
): Promise<StreamWatcher | undefined> {
  if (signal.aborted) return undefined
  const watcher = new StreamWatcher({ name: info.name, ...options })
  const giveUp = (): void => void watcher.disconnect()
  signal.addEventListener('abort', giveUp)
  try {
    await watcher.connectToStream({ predicate: `uid='${info.uid}'` })
    if (!isAborted(signal)) return watcher
    await watcher.disconnect()
    return undefined
  } catch (error) {
    if (isAborted(signal)) return undefined
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** Asked after a wait, in which it may have changed. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
