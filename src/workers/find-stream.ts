import { DareplaneError } from '../errors.js'
import { predicateOf } from '../lsl/resolve.js'
import type { WatcherEngine } from '../lsl/engine.js'
import type { StreamInfo } from '../lsl/stream-info.js'
import type { StreamIdentifier } from './watcher-api.js'

/**
 * After the first answer, how long a second one is waited for: two outlets of one name must not pass for one. On one
 * machine a single outlet hears the first query, the others the wave to their own ports 50 ms later.
 */
const SETTLE_S = 0.2
/** How long to look around for what is there, for the error message. */
const LOOK_AROUND_S = 0.3
const MOST_LISTED = 10

function predicateFor({ name, type, sourceId, predicate }: StreamIdentifier): string {
  const properties = predicateOf({ name, type, source_id: sourceId })
  if (predicate === undefined) return properties
  return properties === '' ? predicate : `${properties} and (${predicate})`
}

function list(streams: readonly StreamInfo[]): string {
  const texts = streams.slice(0, MOST_LISTED).map(String)
  if (streams.length > MOST_LISTED) texts.push(`${streams.length - MOST_LISTED} more`)
  return texts.join('; ')
}

/**
 * The one stream that `identifier` means. Rejects within about its time limit with ERR_STREAM_NOT_FOUND, saying what is
 * there instead, or with ERR_STREAM_AMBIGUOUS listing all that match.
 */
export async function findStream(
  engine: WatcherEngine,
  identifier: StreamIdentifier,
  timeoutS: number,
  signal: AbortSignal,
): Promise<StreamInfo> {
  const predicate = predicateFor(identifier)
  const first = await engine.resolve(predicate, { minimum: 1, timeoutS, signal })
  if (signal.aborted) throw new DareplaneError('ERR_CLOSED', 'disconnected while connecting')
  if (first.length === 0) {
    const around = await engine.resolve('', { minimum: 0, timeoutS: LOOK_AROUND_S, signal })
    const there = around.length === 0 ? 'no stream at all is visible' : `visible are ${list(around)}`
    throw new DareplaneError('ERR_STREAM_NOT_FOUND', `no stream with ${predicate} within ${timeoutS} s; ${there}`)
  }
  const settled = await engine.resolve(predicate, { minimum: 0, timeoutS: SETTLE_S, signal })
  const streams = [...new Map([...first, ...settled].map(info => [info.uid, info])).values()]
  const [stream] = streams
  if (stream === undefined || streams.length > 1)
    throw new DareplaneError(
      'ERR_STREAM_AMBIGUOUS',
      `${streams.length} streams with ${predicate}: ${list(streams)}; say which by sourceId, type or predicate`,
    )
  return stream
}
