import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { argv } from 'node:process'
import { channelFormatOf } from '../channel-format.js'
import type { ChannelFormat } from '../channel-format.js'
import { DareplaneError } from '../errors.js'
import { parseStreamInfo } from './parse-stream-info.js'
import type { StreamFields } from './stream-fields.js'
import { writeXml, xmlElement } from './xml.js'
import type { XmlElement } from './xml.js'

/** Metadata of one channel, as `desc/channels/channel` holds it. */
export interface ChannelInfo {
  readonly label?: string
  readonly unit?: string
  readonly type?: string
}

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
    .update(JSON.stringify([...parts, hostname(), argv[1] ?? '']))
    .digest('hex')
    .slice(0, 20)
}

function interpret(options: StreamInfoOptions & Partial<Omit<StreamFields, keyof StreamInfoOptions>>): StreamFields {
  const { name, type = '', channelCount, nominalSrate = 0, channels, desc = [] } = options
  const channelFormat = channelFormatOf(options.channelFormat ?? 'float32')
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`name must be a non-empty string, not ${JSON.stringify(name)}`)
  if (!Number.isInteger(channelCount) || channelCount < 1)
    throw new RangeError(`channelCount must be a whole number of at least 1, not ${String(channelCount)}`)
  if (!Number.isFinite(nominalSrate) || nominalSrate < 0)
    throw new RangeError(`nominalSrate must be in Hz, 0 for irregular, not ${String(nominalSrate)}`)
  if (channelFormat === undefined)
    throw new RangeError(`channelFormat must be a format of LSL, not ${String(options.channelFormat)}`)
  return {
    name,
    type,
    channelCount,
    nominalSrate,
    channelFormat,
    sourceId: options.sourceId ?? defaultSourceId(name, type, channelCount, nominalSrate, channelFormat),
    version: options.version ?? 1.1,
    createdAt: options.createdAt ?? 0,
    uid: options.uid ?? '',
    sessionId: options.sessionId ?? 'default',
    hostname: options.hostname ?? hostname(),
    v4address: options.v4address ?? '',
    v4dataPort: options.v4dataPort ?? 0,
    v4servicePort: options.v4servicePort ?? 0,
    v6address: options.v6address ?? '',
    v6dataPort: options.v6dataPort ?? 0,
    v6servicePort: options.v6servicePort ?? 0,
    desc: channels === undefined ? desc : [channelsElement(channels), ...desc],
  }
}

/** 16 significant digits and always a point, as liblsl prints: textual queries then match alike. */
function decimal(value: number): string {
  return value.toPrecision(16)
}

/** What a stream is: its name, shape, rate, origin and metadata. Immutable; any thread. */
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
  /** Everything, plain: what crosses threads. Back with `new StreamInfo(fields)`. */
  readonly fields: StreamFields

  /** What a new outlet is to announce, or the {@link StreamInfo.fields} of another. Throws TypeError or RangeError naming the option. */
  constructor(options: StreamInfoOptions & Partial<Omit<StreamFields, keyof StreamInfoOptions>>) {
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
    return this.#ofChannels('label').map((label, index) => label || `ch_${index + 1}`)
  }

  /** One unit per channel, '' where none is given. */
  get channelUnits(): readonly string[] {
    return this.#ofChannels('unit')
  }

  /** One content type per channel, '' where none is given. */
  get channelTypes(): readonly string[] {
    return this.#ofChannels('type')
  }

  /** The LSL stream info document, as every LSL library reads it. */
  asXml(): string {
    const { fields } = this
    const text: Record<string, string> = {
      name: fields.name,
      type: fields.type,
      channel_count: String(fields.channelCount),
      channel_format: fields.channelFormat,
      source_id: fields.sourceId,
      nominal_srate: decimal(fields.nominalSrate),
      version: decimal(fields.version),
      created_at: decimal(fields.createdAt),
      uid: fields.uid,
      session_id: fields.sessionId,
      hostname: fields.hostname,
      v4address: fields.v4address,
      v4data_port: String(fields.v4dataPort),
      v4service_port: String(fields.v4servicePort),
      v6address: fields.v6address,
      v6data_port: String(fields.v6dataPort),
      v6service_port: String(fields.v6servicePort),
    }
    const children = Object.entries(text).map(([name, value]) => xmlElement(name, value))
    return writeXml(xmlElement('info', [...children, this.desc]))
  }

  /** For messages: 'name' (type, 8 x float32, 100 Hz, source id, host). */
  toString(): string {
    const rate = this.nominalSrate === 0 ? 'irregular' : `${this.nominalSrate} Hz`
    const source = this.sourceId === '' ? 'no source id' : this.sourceId
    return `'${this.name}' (${this.type || 'no type'}, ${this.channelCount} x ${this.channelFormat}, ${rate}, ${source}, ${this.hostname})`
  }

  #ofChannels(name: string): string[] {
    const channels = this.desc.children
      .filter(child => child.name === 'channels')
      .flatMap(({ children }) => children.filter(child => child.name === 'channel'))
    return Array.from(
      { length: this.channelCount },
      (_, index) => channels[index]?.children.find(child => child.name === name)?.text ?? '',
    )
  }
}
