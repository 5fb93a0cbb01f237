import { channelFormatOf } from '../channel-format.js'
import type { StreamFields } from './stream-fields.js'
import { childOf, parseXml } from './xml.js'

/** The fields of a stream info document as any LSL library writes it, or the reason why it is none. Never throws. */
export function parseStreamInfo(xml: string): { fields: StreamFields } | { reason: string } {
  const parsed = parseXml(xml)
  if ('reason' in parsed) return parsed
  const { root } = parsed
  if (root.name !== 'info') return { reason: `the root element is <${root.name}>, not <info>` }

  const text = (name: string): string => childOf(root, name)?.text ?? ''
  const wrong: string[] = []
  const number = (name: string, min: number, max: number): number => {
    const word = text(name).trim()
    const value = word === '' ? NaN : Number(word)
    if (!(value >= min && value <= max)) wrong.push(`${name} is '${word}'`)
    return value
  }
  const port = (name: string): number => number(name, 0, 65535)

  const word = text('channel_format')
  const channelFormat = channelFormatOf(word)
  if (channelFormat === undefined) return { reason: `channel_format is '${word}'` }
  if (text('name') === '') return { reason: 'name is empty' }
  const fields: StreamFields = {
    name: text('name'),
    type: text('type'),
    channelCount: number('channel_count', 1, 2 ** 31 - 1),
    nominalSrate: number('nominal_srate', 0, Number.MAX_VALUE),
    channelFormat,
    sourceId: text('source_id'),
    version: number('version', Number.MIN_VALUE, Number.MAX_VALUE),
    createdAt: number('created_at', 0, Number.MAX_VALUE),
    uid: text('uid'),
    sessionId: text('session_id'),
    hostname: text('hostname'),
    v4address: text('v4address'),
    v4dataPort: port('v4data_port'),
    v4servicePort: port('v4service_port'),
    v6address: text('v6address'),
    v6dataPort: port('v6data_port'),
    v6servicePort: port('v6service_port'),
    desc: childOf(root, 'desc')?.children ?? [],
  }
  return wrong.length === 0 ? { fields } : { reason: wrong.join(', ') }
}
