import { channelFormatOf } from '../channel-format.js'
import type { ChannelFormat } from '../channel-format.js'
import { childOf, parseXml, xmlElement } from '../lsl/xml.js'
import type { XmlElement } from '../lsl/xml.js'

/** What the header of a recorded stream says. */
export interface StreamHeader {
  readonly name: string
  readonly type: string
  readonly sourceId: string
  readonly channelCount: number
  /** Hz; 0 is irregular. */
  readonly nominalSrate: number
  readonly channelFormat: ChannelFormat
  /** The metadata tree; its root is `desc`. */
  readonly desc: XmlElement
}

/** The root of a document of a recording, which need not be strict XML; undefined if it holds no element at all. */
export function readDocument(xml: string): XmlElement | undefined {
  const parsed = parseXml(xml)
  return 'root' in parsed ? parsed.root : undefined
}

/** Reads the `<info>` document of a stream header; answers the reason, as text, when it is not usable. */
export function parseStreamHeader(xml: string): StreamHeader | string {
  const root = readDocument(xml)
  if (root?.name !== 'info')
    return root === undefined ? 'its header is not XML' : `its header is <${root.name}>, not <info>`
  const raw = (field: string): string => childOf(root, field)?.text ?? ''
  const text = (field: string): string => raw(field).trim()

  const channelFormat = channelFormatOf(text('channel_format'))
  if (channelFormat === undefined) return `its channel_format is '${text('channel_format')}'`
  const channelCount = Number(text('channel_count'))
  if (!Number.isInteger(channelCount) || channelCount < 1) return `its channel_count is '${text('channel_count')}'`
  const nominalSrate = Number(text('nominal_srate'))
  if (!(nominalSrate >= 0 && nominalSrate < Infinity)) return `its nominal_srate is '${text('nominal_srate')}'`
  return {
    name: raw('name'),
    type: raw('type'),
    sourceId: raw('source_id'),
    channelCount,
    nominalSrate,
    channelFormat,
    desc: childOf(root, 'desc') ?? xmlElement('desc'),
  }
}
