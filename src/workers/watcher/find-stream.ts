import { localClock } from '../../clock.js'
import { DareplaneError } from '../../errors.js'
import { identityQuery, resolveIdentity } from '../../lsl/identity.js'
import type { Identity } from '../../lsl/identity.js'
import type { ResolveLimits, WatcherEngine } from '../../lsl/engine.js'
import type { StreamInfo } from '../../lsl/stream-info.js'
import type { StreamIdentifier } from './stream-identifier.js'

/** Beside a stream that is connected, how long others of its identity are looked for: two outlets of one name must not pass for one. */
const LATE_S = 0.5
/** How long to look around for what is there, for the error message. */
const LOOK_AROUND_S = 0.3
const MOST_LISTED = 10

/** What is looked for, as the search says it and as the error does. */
function described({ predicate, ...identifier }: StreamIdentifier): string {
  const identity = identityOf(identifier)
  const { predicate: properties, exact } = identityQuery(identity)
  const rest = exact ? '' : ` (with characters that no query can carry: ${JSON.stringify(identity)})`
  if (predicate === undefined) return properties + rest
  return (properties === '' ? predicate : `${properties} and (${predicate})`) + rest
}

function identityOf({ name, type, sourceId }: StreamIdentifier): Identity {
  return { name: name ?? undefined, type, sourceId }
}

function list(streams: readonly StreamInfo[]): string {
  const texts = streams.slice(0, MOST_LISTED).map(String)
  if (streams.length > MOST_LISTED) texts.push(`${streams.length - MOST_LISTED} more`)
  return texts.join('; ')
}

function look(engine: WatcherEngine, identifier: StreamIdentifier, limits: ResolveLimits): Promise<StreamInfo[]> {
  return resolveIdentity(engine, identityOf(identifier), limits, identifier.predicate)
}

function areOfOneSource(streams: readonly StreamInfo[]): boolean {
  const [first] = streams
  return streams.length > 1 && first?.sourceId !== '' && streams.every(({ sourceId }) => sourceId === first?.sourceId)
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
  const asked = described(identifier)
  const endS = localClock() + timeoutS
  const limits = { minimum: 1, timeoutS, settle: true, signal }
  let streams = await look(engine, identifier, limits)
  // One may be the last answer of an outlet that was killed and started again: it does not answer a second time.
  if (areOfOneSource(streams))
    streams = await look(engine, identifier, { ...limits, timeoutS: Math.max(0, endS - localClock()) })
  if (signal.aborted) throw new DareplaneError('ERR_CLOSED', 'disconnected while connecting')
  const [stream] = streams
  if (stream === undefined) {
    const around = await engine.resolve('', { minimum: 0, timeoutS: LOOK_AROUND_S, signal })
    const there = around.length === 0 ? 'no stream at all is visible' : `visible are ${list(around)}`
    throw new DareplaneError('ERR_STREAM_NOT_FOUND', `no stream with ${asked} within ${timeoutS} s; ${there}`)
  }
  if (streams.length > 1)
    throw new DareplaneError(
      'ERR_STREAM_AMBIGUOUS',
      `${streams.length} streams with ${asked}: ${list(streams)}; say which by sourceId, type or predicate`,
    )
  return stream
}

/** The streams that `identifier` means as well as `connected`, and that answered later than it; empty in all but a few cases. */
export async function latecomers(
  engine: WatcherEngine,
  identifier: StreamIdentifier,
  connected: StreamInfo,
  signal: AbortSignal,
): Promise<StreamInfo[]> {
  const found = await look(engine, identifier, { minimum: 0, timeoutS: LATE_S, signal })
  return found.filter(({ uid }) => uid !== connected.uid)
}
