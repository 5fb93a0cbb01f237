import { hostname } from 'node:os'
import { CHANNEL_FORMATS, channelFormatOf } from '../channel-format.js'
import type { ChannelFormat } from '../channel-format.js'
import { hertz, mustBe, nonEmpty, port, seconds, shown, whole } from '../check.js'
import type { Check } from '../check.js'
import { isBlank, xmlElement } from './xml.js'
import type { XmlElement } from './xml.js'

/** One field of a description: what it may be, and how it is written as text. */
interface Field<T> {
  /** The element that holds it. */
  readonly xml: string
  readonly check: Check
  /** Its value where nobody gives one; without it there is no stream. */
  readonly byDefault: (() => T) | undefined
  readonly write: (value: T) => string
  /** undefined where the text means nothing. */
  readonly read: (text: string) => T | undefined
}

/** Text that XML and UTF-8 can carry. */
export const carried = mustBe(
  'text without NUL or half characters',
  (value): value is string => typeof value === 'string',
  value => !/[\0\p{Surrogate}]/u.test(value),
)
const carriedName: Check = (name, value) => {
  nonEmpty(name, value)
  // Readers of XML drop blanks, and nobody finds a stream without a name.
  if (typeof value === 'string' && isBlank(value))
    throw new RangeError(`${name} must not be blanks only, got ${shown(value)}`)
  carried(name, value)
}

function text(xml: string, byDefault: (() => string) | undefined, check: Check = carried): Field<string> {
  return {
    xml,
    check,
    byDefault,
    write: String,
    read: value => (check === carriedName && value === '' ? undefined : value),
  }
}

/** With a decimal point or, from a computer of another language, a decimal comma. */
function parseDecimal(value: string): number {
  const word = value.trim().replace(',', '.')
  return word === '' ? NaN : Number(word)
}

function number(
  xml: string,
  check: Check,
  byDefault: number | undefined,
  write: (value: number) => string = String,
): Field<number> {
  const read = (value: string): number | undefined => {
    const parsed = parseDecimal(value)
    try {
      check(xml, parsed)
      return parsed
    } catch {
      return undefined
    }
  }
  return { xml, check, byDefault: byDefault === undefined ? undefined : () => byDefault, write, read }
}

/** 16 significant digits and always a point, as liblsl prints: textual queries then match alike. */
function decimal(value: number): string {
  return value.toPrecision(16)
}

const FORMAT: Field<ChannelFormat> = {
  xml: 'channel_format',
  check: mustBe(
    `one of ${CHANNEL_FORMATS.map(format => `'${format}'`).join(', ')}`,
    (value): value is string => typeof value === 'string',
    value => channelFormatOf(value) !== undefined,
  ),
  byDefault: () => 'float32',
  write: String,
  read: channelFormatOf,
}

const nothing = (): string => ''
const anyPort = (xml: string): Field<number> => number(xml, port, 0)

/** A sample of more would be longer than what is sent at once; who announces more means harm, or nothing. */
const MOST_CHANNELS = 2 ** 21

/** All fields of a description but its metadata, in the order in which liblsl writes them. Every other list follows this one. */
const STREAM_FIELDS = {
  name: text('name', undefined, carriedName),
  /** Content type, such as 'EEG'. */
  type: text('type', nothing),
  channelCount: number('channel_count', whole({ from: 1, to: MOST_CHANNELS }), undefined),
  channelFormat: FORMAT,
  /** Names the device over restarts; '' for none. */
  sourceId: text('source_id', nothing),
  /** Hz; 0 is irregular. */
  nominalSrate: number('nominal_srate', hertz, 0, decimal),
  /** Protocol version of the outlet: 1.1 is protocol 110. */
  version: number(
    'version',
    mustBe('a version', isNumber, value => value > 0 && value < Infinity),
    1.1,
    decimal,
  ),
  /** LSL clock seconds of the outlet's host; 0 before there is an outlet. */
  createdAt: number('created_at', seconds({ from: 0 }), 0, decimal),
  /** One outlet instance; '' before there is one. */
  uid: text('uid', nothing),
  sessionId: text('session_id', () => 'default'),
  hostname: text('hostname', hostname),
  /** Where the outlet listens, as its answer to a query says; '' and 0 where unknown. */
  v4address: text('v4address', nothing),
  v4dataPort: anyPort('v4data_port'),
  v4servicePort: anyPort('v4service_port'),
  v6address: text('v6address', nothing),
  v6dataPort: anyPort('v6data_port'),
  v6servicePort: anyPort('v6service_port'),
} as const

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

/** The fields of {@link STREAM_FIELDS} and their types. */
export type PlainFields = {
  readonly [Name in keyof typeof STREAM_FIELDS]: (typeof STREAM_FIELDS)[Name] extends Field<infer T> ? T : never
}

/** Every field of a stream's description, plain, so that it crosses threads. */
export interface StreamFields extends PlainFields {
  /** The children of `desc`. */
  readonly desc: readonly XmlElement[]
  /** What of the description could not be read, and is left out or at its default. */
  readonly unread?: readonly string[]
}

/** Name and table entry of each field. */
export const FIELD_LIST = Object.entries(STREAM_FIELDS) as [keyof PlainFields, Field<string | number>][]

/** The description as elements. */
export function infoElement(fields: StreamFields): XmlElement {
  const children = FIELD_LIST.map(([name, { xml, write }]) => xmlElement(xml, write(fields[name])))
  return xmlElement('info', [...children, xmlElement('desc', fields.desc)])
}
