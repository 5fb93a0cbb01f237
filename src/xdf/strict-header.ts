import { isDeepStrictEqual } from 'node:util'
import { writeXml } from '../lsl/write-xml.js'
import { parseXml } from '../lsl/xml.js'
import type { XmlElement } from '../lsl/xml.js'

/** Characters that XML 1.0 does not have, not even as numbers. */
const NO_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
/** What readers of XML take as a name, colons aside. */
const NO_NAME_CHARACTERS = /[^\p{L}\p{N}_.-]|[\u{10000}-\u{10ffff}]/gu
const NAME_START = /^[\p{L}_]/u

/**
 * The document of a stream header as XML that every reader takes. liblsl lets pass what XML does not have, control characters
 * and elements named `1` or `my channel`, and pyxdf then refuses the whole file. Such characters become U+FFFD, and such names
 * `_1` and `my_channel`. A document that has none of it stays as it is.
 */
export function strictHeader(xml: string): string {
  const parsed = parseXml(xml)
  if ('reason' in parsed) return xml
  const root = strict(parsed.root)
  return parsed.faults.length === 0 && isDeepStrictEqual(root, parsed.root) ? xml : writeXml(root)
}

function strict({ name, text, children, attributes }: XmlElement): XmlElement {
  const element = { name: strictName(name), text: strictText(text), children: children.map(strict) }
  if (attributes === undefined) return element
  const pairs = Object.entries(attributes).map(([key, value]) => [strictName(key), strictText(value)] as const)
  return { ...element, attributes: Object.fromEntries(pairs) }
}

function strictText(text: string): string {
  return text.replace(NO_CHARACTERS, '\ufffd')
}

function strictName(name: string): string {
  const plain = name.replace(NO_NAME_CHARACTERS, '_')
  return NAME_START.test(plain) ? plain : `_${plain}`
}
