import { channelFormatOf } from '../channel-format.js'
import type { ChannelFormat } from '../channel-format.js'
import { childOf, parseXml } from '../lsl/xml.js'

/** The fields of a recorded stream's header that reading its samples needs. */
export interface StreamHeader {
  readonly name: string
  readonly type: string
  readonly sourceId: string
  readonly channelCount: number
  readonly nominalSrate: number
  readonly channelFormat: ChannelFormat
}

/** Parses the `<info>` document of a stream header; answers the reason, as text, when it is not usable. */
export function parseStreamHeader(xml: string): StreamHeader | string {
  const parsed = parseXml(xml)
  if ('reason' in parsed) return `its header is not XML: ${parsed.reason}`
  const { root } = parsed
  if (root.name !== 'info') return `its header is <${root.name}>, not <info>`
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
  }
}
