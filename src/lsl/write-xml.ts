import type { XmlElement } from './xml.js'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Control characters are written as numbers, as liblsl does, though XML has no such characters. */
function escape(text: string, special: RegExp): string {
  return text.replace(
    special,
    character => ESCAPES[character] ?? `&#${String(character.charCodeAt(0)).padStart(2, '0')};`,
  )
}

const IN_TEXT = /[&<>\u0001-\u0008\u000B-\u001F]/g
const IN_ATTRIBUTE = /[&<>"\u0001-\u001F]/g

function write({ name, text, children, attributes = {} }: XmlElement): string {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value, IN_ATTRIBUTE)}"`)
  const inside = children.map(write).join('') + escape(text, IN_TEXT)
  const start = `${name}${words.join('')}`
  return inside === '' ? `<${start} />` : `<${start}>${inside}</${name}>`
}

/** The document with `root` as its root element, as liblsl reads it. The names must be writable. */
export function writeXml(root: XmlElement): string {
  return `<?xml version="1.0"?>\n${write(root)}\n`
}
