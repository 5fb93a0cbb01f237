import { DOMParser } from '@xmldom/xmldom'
import type { Element } from '@xmldom/xmldom'
import { channelFormatOf } from '../channel-format.js'
import type { ChannelFormat } from '../channel-format.js'

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
  const info = rootOf(xml)
  if (info?.nodeName !== 'info') return 'its header is not an <info> document'
  const texts = new Map(Array.from(info.childNodes, child => [child.nodeName, child.textContent ?? '']))
  const text = (field: string): string => texts.get(field)?.trim() ?? ''

  const channelFormat = channelFormatOf(text('channel_format'))
  if (channelFormat === undefined) return `its channel_format is '${text('channel_format')}'`
  const channelCount = Number(text('channel_count'))
  if (!Number.isInteger(channelCount) || channelCount < 1) return `its channel_count is '${text('channel_count')}'`
  const nominalSrate = Number(text('nominal_srate'))
  if (!(nominalSrate >= 0 && nominalSrate < Infinity)) return `its nominal_srate is '${text('nominal_srate')}'`
  return {
    name: texts.get('name') ?? '',
    type: texts.get('type') ?? '',
    sourceId: texts.get('source_id') ?? '',
    channelCount,
    nominalSrate,
    channelFormat,
  }
}

function rootOf(xml: string): Element | undefined {
  try {
    const document = new DOMParser({ onError: () => undefined }).parseFromString(xml, 'text/xml')
    return document.documentElement ?? undefined
  } catch {
    // A fatal error of the parser; the caller names the stream, which says more than the parser's line and column.
    return undefined
  }
}
