import { FIELD_LIST } from './stream-fields.js'
import type { StreamFields } from './stream-fields.js'
import { childOf, parseXml } from './xml.js'

/** Of a description without these nobody could tell what it sends. */
const NEEDED = new Set<keyof StreamFields>(['name', 'channelCount', 'channelFormat', 'nominalSrate'])

/**
 * The fields of a stream info document as any LSL library writes it, or the reason why it is none. What receiving does not
 * need may be damaged: it is left out, and `unread` says so. Never throws.
 */
export function parseStreamInfo(xml: string): { fields: StreamFields } | { reason: string } {
  const parsed = parseXml(xml)
  if ('reason' in parsed) return parsed
  const { root, faults } = parsed
  if (root.name !== 'info') return { reason: `the root element is <${root.name}>, not <info>` }
  const unread = faults.map(fault => `metadata: ${fault}`)
  const wrong: string[] = []
  const values = FIELD_LIST.map(([name, field]) => {
    const text = childOf(root, field.xml)?.text ?? ''
    const value = field.read(text)
    if (value !== undefined) return [name, value] as const
    const fault = `${field.xml} is '${text}'`
    if (NEEDED.has(name)) wrong.push(fault)
    else unread.push(fault)
    return [name, field.byDefault?.() ?? ''] as const
  })
  if (wrong.length > 0) return { reason: wrong.join(', ') }
  const fields = Object.fromEntries(values) as unknown as StreamFields
  const desc = childOf(root, 'desc')?.children ?? []
  return { fields: { ...fields, desc, ...(unread.length > 0 && { unread }) } }
}
