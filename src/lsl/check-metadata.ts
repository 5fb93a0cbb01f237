import { fields, list, mustBe, object } from '../check.js'
import { carried } from './stream-fields.js'
import { DEEPEST, isWritableName } from './xml.js'
import type { XmlElement } from './xml.js'

const elementName = mustBe(
  'a name that XML can hold',
  (value): value is string => typeof value === 'string',
  isWritableName,
)

/** Throws TypeError or RangeError unless the metadata can be written, and sent to another thread. */
export function checkMetadata(name: string, desc: unknown): void {
  list(object)(name, desc)
  for (const element of desc as readonly XmlElement[]) checkElement(name, element, 1)
}

function checkElement(where: string, element: XmlElement, depth: number): void {
  if (depth >= DEEPEST) throw new RangeError(`${where} must hold at most ${DEEPEST} elements inside each other`)
  const { name, text, children, attributes = {} } = element
  for (const word of [name, ...Object.keys(attributes)]) elementName(`${where}.name`, word)
  const inside = `${where}.<${name}>`
  for (const value of [text, ...Object.values(attributes)]) carried(inside, value)
  list(object)(inside, children)
  for (const child of children) checkElement(depth < DEEPEST_NAMED ? inside : where, child, depth + 1)
}

/** Beyond, an error names the way to the element no further. */
const DEEPEST_NAMED = 4

/** Labels, units and types of channels. */
export const channelMetadata = list(fields({ label: carried, unit: carried, type: carried }))
