import { localClock } from '../clock.js'
import { errorCode } from '../errors.js'
import type { EngineInlet, InletOptions, WatcherEngine } from '../lsl/engine.js'
import { predicateOf } from '../lsl/resolve.js'
import type { StreamInfo } from '../lsl/stream-info.js'
import type { Tell } from './watcher-api.js'
import type { WatcherBoard } from './watcher-board.js'

const OPEN_TIMEOUT_S = 5
/** Between two looks at a network where only the wrong stream is. */
const RETRY_S = 0.25

export interface RecoverOptions {
  readonly engine: WatcherEngine
  readonly info: StreamInfo
  readonly inlet: InletOptions
  readonly board: WatcherBoard
  readonly tell: Tell
  readonly signal: AbortSignal
}

function shape({ channelCount, channelFormat, nominalSrate }: StreamInfo): string {
  return `${channelCount} x ${channelFormat} at ${nominalSrate} Hz`
}

/** The same device after a restart: by source id, or by name, type and host where there is none. */
function sameStream({ name, type, sourceId, hostname }: StreamInfo): string {
  return sourceId === ''
    ? predicateOf({ name, type, hostname, source_id: '' })
    : predicateOf({ name, type, source_id: sourceId })
}

/**
 * Looks for a lost stream until it is back, and opens a new inlet on it; undefined when `signal` ends the search. A stream
 * that comes back with another shape is reported once and not opened; of several that match, the newest is taken.
 */
export async function recoverStream(options: RecoverOptions): Promise<EngineInlet | undefined> {
  const { engine, info, board, tell, signal } = options
  let refused = ''
  while (!signal.aborted) {
    const found = await search(engine, sameStream(info), signal)
    const [newest] = found.toSorted((a, b) => b.createdAt - a.createdAt)
    if (newest === undefined) {
      await pause(signal)
      continue
    }
    if (shape(newest) === shape(info)) {
      const inlet = await openAgain(options, newest)
      if (inlet !== undefined) return inlet
    } else if (newest.uid !== refused) {
      refused = newest.uid
      board.state = 'incompatible'
      tell('incompatible', { expected: shape(info), found: shape(newest) })
    }
    await pause(signal)
  }
  return undefined
}

async function search(engine: WatcherEngine, predicate: string, signal: AbortSignal): Promise<readonly StreamInfo[]> {
  try {
    return await engine.resolve(predicate, { minimum: 1, timeoutS: Infinity, signal })
  } catch (error) {
    // An engine in a process of its own may die at that: the next search starts another.
    if (errorCode(error) === 'ERR_STREAM_LOST') return []
    throw error
  }
}

async function openAgain(
  { engine, inlet: options, signal }: RecoverOptions,
  info: StreamInfo,
): Promise<EngineInlet | undefined> {
  let inlet: EngineInlet | undefined
  const giveUp = (): void => void inlet?.close()
  signal.addEventListener('abort', giveUp)
  try {
    inlet = await engine.createInlet(info, options)
    await inlet.open(OPEN_TIMEOUT_S)
    return inlet
  } catch (error) {
    await inlet?.close()
    // Gone again, or not answering yet: the search goes on.
    if (['ERR_STREAM_LOST', 'ERR_TIMEOUT', 'ERR_CLOSED'].includes(errorCode(error) ?? '')) return undefined
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  const end = localClock() + RETRY_S
  while (!signal.aborted && localClock() < end) await new Promise(resolve => setTimeout(resolve, 10))
}
