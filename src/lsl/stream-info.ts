import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { argv } from 'node:process'
import type { ChannelFormat } from '../channel-format.js'
import { channelFormatOf } from '../channel-format.js'
import { list, mustBe, options, required, text } from '../check.js'
import type { Checks } from '../check.js'
import { DareplaneError } from '../errors.js'
import { safeName } from '../safe-text.js'
import { channelLabels, ofChannels } from './channel-labels.js'
import { parseStreamInfo } from './parse-stream-info.js'
import { channelMetadata, checkMetadata } from './check-metadata.js'
import { FIELD_LIST, infoElement } from './stream-fields.js'
import type { PlainFields, StreamFields } from './stream-fields.js'
import { writeXml } from './write-xml.js'
import { xmlElement } from './xml.js'
import type { XmlElement } from './xml.js'

/** Metadata of one channel, as `desc/channels/channel` holds it. */
export interface ChannelInfo {
  readonly label?: string
  readonly unit?: string
  readonly type?: string
}

/** What a new outlet is to announce. */
export interface StreamInfoOptions {
  readonly name: string
  /** Content type, such as 'EEG' or 'Markers'. Default ''. */
  readonly type?: string
  readonly channelCount: number
  /** Hz; 0 (the default) is irregular. */
  readonly nominalSrate?: number
  /** Default 'float32'; 'float64' is taken for 'double64'. */
  readonly channelFormat?: ChannelFormat | 'float64'
  /** Names the device over restarts. Default: a hash of the fields above, the host and the script, so a restart is recognised; '' for none. */
  readonly sourceId?: string
  /** Labels, units and types, written to `desc/channels`. */
  readonly channels?: readonly ChannelInfo[]
  /** Further metadata: the children of `desc`. */
  readonly desc?: readonly XmlElement[]
}

function channelsElement(channels: readonly ChannelInfo[]): XmlElement {
  const present = (name: string, value?: string): XmlElement[] => (value === undefined ? [] : [xmlElement(name, value)])
  return xmlElement(
    'channels',
    channels.map(({ label, unit, type }) =>
      xmlElement('channel', [...present('label', label), ...present('unit', unit), ...present('type', type)]),
    ),
  )
}

/** Like pylsl: the same script on the same host announcing the same stream is the same source. */
function defaultSourceId(...parts: readonly (string | number)[]): string {
  return createHash('sha1')
    .update(JSON.stringify([...parts, hostname(), script()]))
    .digest('hex')
    .slice(0, 20)
}

/** The program's own path; Windows writes the letter of its drive in either case. */
function script(): string {
  return (argv[1] ?? '').replace(/^[A-Z](?=:[\\/])/, drive => drive.toLowerCase())
}

type OptionsOrFields = StreamInfoOptions & Partial<Omit<StreamFields, keyof StreamInfoOptions>>

const checked = options<OptionsOrFields>(
  'StreamInfo',
  "new StreamInfo({ name: 'EEG', type: 'EEG', channelCount: 8, nominalSrate: 250, channelFormat: 'float32', sourceId: 'cap' })",
  {
    ...(Object.fromEntries(
      FIELD_LIST.map(([name, { check, byDefault }]) => [name, byDefault === undefined ? required(check) : check]),
    ) as Checks<PlainFields>),
    channels: channelMetadata,
    desc: checkMetadata,
    unread: list(text),
  },
)

function interpret(given: StreamInfoOptions | StreamFields): StreamFields {
  const { channels, desc = [], ...rest } = checked(given)
  const defaults = Object.fromEntries(FIELD_LIST.map(([name, { byDefault }]) => [name, byDefault?.()]))
  const asked = Object.fromEntries(Object.entries<unknown>(rest).filter(([, value]) => value !== undefined))
  const fields = { ...defaults, ...asked, desc } as unknown as StreamFields
  const channelFormat = channelFormatOf(fields.channelFormat) ?? 'float32'
  const { name, type, channelCount, nominalSrate } = fields
  return {
    ...fields,
    channelFormat,
    sourceId: rest.sourceId ?? defaultSourceId(name, type, channelCount, nominalSrate, channelFormat),
    desc: channels === undefined ? desc : [channelsElement(channels), ...desc],
  }
}

/**
 * What a stream is: its name, shape, rate, origin and metadata. Immutable; any thread.
 *
 * @example
 * ```ts
 * import { StreamInfo } from 'dareplane-utils'
 *
 * const info = new StreamInfo({
 *   name: 'EEG',
 *   type: 'EEG',
 *   channelCount: 2,
 *   nominalSrate: 250,
 *   sourceId: 'amplifier-1',
 *   channels: [{ label: 'C3', unit: 'microvolts' }, { label: 'C4', unit: 'microvolts' }],
 * })
 * console.log(info.channelNames)
 * ```
 */
export class StreamInfo {
  readonly name: string
  readonly type: string
  readonly channelCount: number
  /** Hz; 0 is irregular. */
  readonly nominalSrate: number
  readonly channelFormat: ChannelFormat
  readonly sourceId: string
  readonly uid: string
  readonly hostname: string
  readonly sessionId: string
  /** LSL clock seconds of the outlet's host; 0 before there is an outlet. */
  readonly createdAt: number
  /** The whole metadata tree; its root is `desc`. Empty for what a resolve returns until an inlet has fetched it. */
  readonly desc: XmlElement
  /** What of the description could not be read, and is left out or at its default; empty for nearly all. */
  readonly unread: readonly string[]
  /** Everything, plain: what crosses threads. Back with `new StreamInfo(fields)`. */
  readonly fields: StreamFields

  /** What a new outlet is to announce, or the {@link StreamInfo.fields} of another. Throws TypeError or RangeError naming the option. */
  constructor(options: StreamInfoOptions | StreamFields) {
    const fields = interpret(options)
    this.fields = fields
    this.name = fields.name
    this.type = fields.type
    this.channelCount = fields.channelCount
    this.nominalSrate = fields.nominalSrate
    this.channelFormat = fields.channelFormat
    this.sourceId = fields.sourceId
    this.uid = fields.uid
    this.hostname = fields.hostname
    this.sessionId = fields.sessionId
    this.createdAt = fields.createdAt
    this.unread = fields.unread ?? []
    this.desc = xmlElement('desc', fields.desc)
  }

  /** Reads an LSL stream info document. Throws ERR_STREAM_INVALID with the reason. */
  static fromXml(xml: string): StreamInfo {
    const parsed = parseStreamInfo(xml)
    if ('reason' in parsed) throw new DareplaneError('ERR_STREAM_INVALID', `not a stream description: ${parsed.reason}`)
    return new StreamInfo(parsed.fields)
  }

  /** One name per channel: the labels of the metadata, 'ch_1' and so on where there is none. */
  get channelNames(): readonly string[] {
    return channelLabels(this.desc, this.channelCount)
  }

  /** One unit per channel, '' where none is given. */
  get channelUnits(): readonly string[] {
    return ofChannels(this.desc, this.channelCount, 'unit')
  }

  /** One content type per channel, '' where none is given. */
  get channelTypes(): readonly string[] {
    return ofChannels(this.desc, this.channelCount, 'type')
  }

  /** The LSL stream info document, as every LSL library reads it. */
  asXml(): string {
    return writeXml(infoElement(this.fields))
  }

  /** For messages: 'name' (type, 8 x float32, 100 Hz, source id, host). */
  toString(): string {
    const rate = this.nominalSrate === 0 ? 'irregular' : `${this.nominalSrate} Hz`
    const source = this.sourceId === '' ? 'no source id' : this.sourceId
    const text = `'${this.name}' (${this.type || 'no type'}, ${this.channelCount} x ${this.channelFormat}, ${rate}, ${source}, ${this.hostname})`
    // Whoever announces a stream has named it, and messages end in terminals.
    return safeName(text)
  }
}

const streamInfo = mustBe(
  "a StreamInfo, from a resolve or new StreamInfo({ name: 'EEG', channelCount: 8 })",
  (value): value is StreamInfo => value instanceof StreamInfo,
)

/** Throws TypeError unless the argument `info` is a StreamInfo. */
export function checkStreamInfo(info: unknown): void {
  streamInfo('info', info)
}
