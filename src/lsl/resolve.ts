import { mustBe, options, seconds, text, whole } from '../check.js'
import { ENGINE_CHECKS, chooseEngine } from './choose-engine.js'
import type { EngineOptions } from './choose-engine.js'
import type { ResolveLimits } from './engine.js'
import { identityField, resolveIdentity } from './identity.js'
import type { StreamInfo } from './stream-info.js'
import { xpathLiteral } from './xpath-literal.js'

/** When a search for streams ends. */
export interface ResolveOptions extends EngineOptions {
  /** Resolve as soon as that many streams are known. Default 1. */
  readonly minimum?: number
  /** Seconds after which to resolve with what there is. Default 5. */
  readonly timeoutS?: number
}

/** How long {@link getStreamNames} listens. */
export interface StreamNamesOptions extends EngineOptions {
  /** Seconds to listen for answers, and to wait in any case. Default 1. */
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

/** A search for all streams lasts as long as it may, so for ever would never answer. */
const searchTime = seconds({ from: 0 })

const RESOLVE_CHECKS = { ...ENGINE_CHECKS, minimum: whole({ from: 0 }), timeoutS: seconds({ forever: true }) }
const allOptions = options<EngineOptions>('resolveStreams', "resolveStreams(1, { engine: 'builtin' })", ENGINE_CHECKS)
const byPred = options<ResolveOptions>(
  'resolveByPred',
  `resolveByPred("name='EEG'", { minimum: 1, timeoutS: 5 })`,
  RESOLVE_CHECKS,
)
const byProp = options<ResolveOptions>(
  'resolveByProp',
  "resolveByProp('type', 'EEG', { minimum: 1, timeoutS: 5 })",
  RESOLVE_CHECKS,
)
const namesOptions = options<StreamNamesOptions>('getStreamNames', 'getStreamNames({ timeoutS: 1 })', {
  ...ENGINE_CHECKS,
  timeoutS: searchTime,
})

const elementPath = mustBe(
  "an element of the stream's description, such as 'type' or 'desc/manufacturer'",
  (value): value is string => typeof value === 'string' && /^[\w.-]+(\/[\w.-]+)*$/.test(value),
)

/** All streams that answer within `timeoutS` (default 1 s). Always takes that long; never blocks the thread. */
export async function resolveStreams(timeoutS = DEFAULT_WAIT_S, options?: EngineOptions): Promise<StreamInfo[]> {
  searchTime('timeoutS', timeoutS)
  return chooseEngine(allOptions(options)).resolve('', { minimum: 0, timeoutS })
}

/**
 * Streams whose description satisfies an XPath 1.0 predicate, such as "name='X' and starts-with(type,'E')": as soon as
 * `minimum` are known, or what there is at the time limit. Never blocks. Rejects with ERR_INVALID_PREDICATE.
 */
export async function resolveByPred(predicate: string, options?: ResolveOptions): Promise<StreamInfo[]> {
  text('predicate', predicate)
  return resolveWith(predicate, byPred(options))
}

function resolveWith(predicate: string, options: ResolveOptions): Promise<StreamInfo[]> {
  return chooseEngine(options).resolve(predicate, limitsOf(options))
}

function limitsOf({ minimum = 1, timeoutS = DEFAULT_TIMEOUT_S }: ResolveOptions): ResolveLimits {
  return { minimum, timeoutS }
}

/** Streams whose property (`name`, `type`, `source_id`, `desc/manufacturer`, ...) has that value. As {@link resolveByPred}. */
export async function resolveByProp(property: string, value: string, options?: ResolveOptions): Promise<StreamInfo[]> {
  elementPath('property', property)
  text('value', value)
  const checked = byProp(options)
  const field = identityField(property)
  if (field === undefined) return resolveWith(predicateOf({ [property]: value }), checked)
  return resolveIdentity(chooseEngine(checked), { [field]: value }, limitsOf(checked))
}

/** The names of all streams that answer within `timeoutS` (default 1 s), sorted, each once. */
export async function getStreamNames(options?: StreamNamesOptions): Promise<string[]> {
  const { timeoutS, ...engine } = namesOptions(options)
  const streams = await resolveStreams(timeoutS, engine)
  return [...new Set(streams.map(({ name }) => name))].sort()
}
