import { chooseEngine } from './choose-engine.js'
import type { EngineOptions } from './choose-engine.js'
import type { StreamInfo } from './stream-info.js'
import { xpathLiteral } from './xpath-literal.js'

export interface ResolveOptions extends EngineOptions {
  /** Resolve as soon as that many streams are known. Default 1. */
  readonly minimum?: number
  /** Seconds after which to resolve with what there is. Default 5. */
  readonly timeoutS?: number
}

const DEFAULT_TIMEOUT_S = 5
const DEFAULT_WAIT_S = 1

/** The XPath predicate that all given properties hold; '' for none. */
export function predicateOf(properties: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(properties)
    .flatMap(([property, value]) => (value === undefined ? [] : [`${property}=${xpathLiteral(value)}`]))
    .join(' and ')
}

function checkSeconds(timeoutS: number): number {
  if (!(timeoutS >= 0)) throw new RangeError(`timeoutS must be seconds of at least 0, not ${String(timeoutS)}`)
  return timeoutS
}

/** All streams that answer within `timeoutS` (default 1 s). Always takes that long; never blocks the thread. */
export async function resolveStreams(timeoutS = DEFAULT_WAIT_S, options: EngineOptions = {}): Promise<StreamInfo[]> {
  return chooseEngine(options).resolve('', { minimum: 0, timeoutS: checkSeconds(timeoutS) })
}

/**
 * Streams whose description satisfies an XPath 1.0 predicate, such as "name='X' and starts-with(type,'E')": as soon as
 * `minimum` are known, or what there is at the time limit. Never blocks. Rejects with ERR_INVALID_PREDICATE.
 */
export async function resolveByPred(predicate: string, options: ResolveOptions = {}): Promise<StreamInfo[]> {
  const { minimum = 1, timeoutS = DEFAULT_TIMEOUT_S } = options
  if (!Number.isInteger(minimum) || minimum < 0)
    throw new RangeError(`minimum must be a whole number of at least 0, not ${String(minimum)}`)
  return chooseEngine(options).resolve(predicate, { minimum, timeoutS: checkSeconds(timeoutS) })
}

/** Streams whose property (`name`, `type`, `source_id`, `desc/manufacturer`, ...) has that value. As {@link resolveByPred}. */
export async function resolveByProp(
  property: string,
  value: string,
  options: ResolveOptions = {},
): Promise<StreamInfo[]> {
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(property))
    throw new TypeError(`property must name an element of the stream description, not ${JSON.stringify(property)}`)
  return resolveByPred(predicateOf({ [property]: value }), options)
}

/** The names of all streams that answer within `timeoutS` (default 1 s), sorted, each once. */
export async function getStreamNames(options: EngineOptions & { readonly timeoutS?: number } = {}): Promise<string[]> {
  const streams = await resolveStreams(options.timeoutS, options)
  return [...new Set(streams.map(({ name }) => name))].sort()
}
