import type { Engine, ResolveLimits } from './engine.js'
import { localClock } from '../clock.js'
import type { StreamInfo } from './stream-info.js'
import { xpathLiteral } from './xpath-literal.js'

/** By which fields a stream is looked for; what is undefined may be anything. */
export interface Identity {
  readonly name?: string | undefined
  readonly type?: string | undefined
  readonly sourceId?: string | undefined
  readonly hostname?: string | undefined
}

const XML_NAMES = { name: 'name', type: 'type', hostname: 'hostname', sourceId: 'source_id' } as const
type Field = keyof typeof XML_NAMES
const FIELDS = Object.keys(XML_NAMES) as Field[]
/** The field that stands in the description as `xmlName`, if it is one to look for a stream by. */
export function identityField(xmlName: string): keyof Identity | undefined {
  return FIELDS.find(field => XML_NAMES[field] === xmlName)
}

const LONGEST_VALUE = 1000
/** How long answers to a query that says too little are collected at a time. */
const LOOK_S = 0.5

/**
 * Whether a value arrives as it is at an outlet that compares it. A query is one line of UTF-8: control characters end or
 * change it, and what was not UTF-8 in the description (U+FFFD since it was read) cannot be said in it.
 */
function isCarried(value: string): boolean {
  return value.length <= LONGEST_VALUE && !/[\u0000-\u001F\u007F-\u009F\uFFFD\p{Surrogate}]/u.test(value)
}

/** The XPath predicate for all of `identity` that a query can carry; '' for none. `holds` compares the rest afterwards. */
export function identityQuery(identity: Identity): {
  readonly predicate: string
  /** Whether the predicate says it all. */
  readonly exact: boolean
  readonly holds: (info: StreamInfo) => boolean
} {
  const given = FIELDS.flatMap(field => {
    const value = identity[field]
    return value === undefined ? [] : [{ field, value }]
  })
  const carried = given.filter(({ value }) => isCarried(value))
  const rest = given.filter(({ value }) => !isCarried(value))
  return {
    predicate: carried.map(({ field, value }) => `${XML_NAMES[field]}=${xpathLiteral(value)}`).join(' and '),
    exact: rest.length === 0,
    holds: info => rest.every(({ field, value }) => info[field] === value),
  }
}

/**
 * The streams of that identity for which `predicate` holds too, if given, as soon as one of the limits is met. As the
 * engine's own resolve, also where a query cannot carry the identity.
 */
export async function resolveIdentity(
  engine: Pick<Engine, 'resolve'>,
  identity: Identity,
  limits: ResolveLimits,
  predicate = '',
): Promise<StreamInfo[]> {
  const query = identityQuery(identity)
  const both = [query.predicate, predicate && query.predicate ? `(${predicate})` : predicate]
    .filter(Boolean)
    .join(' and ')
  if (query.exact) return engine.resolve(both, limits)
  const end = localClock() + limits.timeoutS
  for (;;) {
    const timeoutS = Math.min(LOOK_S, Math.max(0, end - localClock()))
    const found = await engine.resolve(both, { ...limits, minimum: 0, timeoutS })
    const right = found.filter(info => query.holds(info))
    const enough = limits.minimum > 0 && right.length >= limits.minimum
    if (enough || localClock() >= end || limits.signal?.aborted === true) return right
  }
}
