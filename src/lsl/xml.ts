/** One element of a stream's metadata: text or children. Plain, so that it crosses threads. */
export interface XmlElement {
  readonly name: string
  /** Text content with entities decoded; '' for an element that only holds others. */
  readonly text: string
  readonly children: readonly XmlElement[]
  /** Only where it has any: LSL itself knows none, but a description can be written with them. */
  readonly attributes?: Readonly<Record<string, string>>
}

/** Elements inside elements: more cannot be sent from thread to thread. */
export const DEEPEST = 256

/** An element of text, or of children. */
export function xmlElement(
  name: string,
  content: string | readonly XmlElement[] = '',
  attributes?: Readonly<Record<string, string>>,
): XmlElement {
  const element =
    typeof content === 'string' ? { name, text: content, children: [] } : { name, text: '', children: content }
  return attributes === undefined ? element : { ...element, attributes }
}

/** The first child of that name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find(child => child.name === name)
}

/** Whether an element or attribute of that name can be written and read again; liblsl writes names that XML does not have. */
export function isWritableName(name: string): boolean {
  return name !== '' && name === name.trim() && !/[\u0000-\u001F<>&"'/=]/.test(name) && !/^[?!]/.test(name)
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** What stands for no character stays as it is. */
function decode(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,4}));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
      return isCharacter ? String.fromCodePoint(code) : whole
    },
  )
}

interface Open {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>> | undefined
  readonly children: XmlElement[]
  text: string
}

/**
 * Reads XML as far as it makes sense, as liblsl does, which writes what XML does not allow: element names such as `1` or
 * `my channel`. What cannot be read is left out, and `faults` says so.
 */
class Reader {
  readonly faults: string[] = []
  root: XmlElement | undefined
  readonly #xml: string
  readonly #open: Open[] = []
  /** How many of those that are open have this name: an end tag that closes nothing is known without a look at each of them. */
  readonly #openNames = new Map<string, number>()
  #at = 0

  constructor(xml: string) {
    this.#xml = xml
  }

  read(): void {
    while (this.root === undefined && this.#step());
    if (this.root !== undefined || this.#open.length === 0) return
    this.#fault(`<${this.#open.at(-1)?.name ?? ''}> is not closed`)
    while (this.#open.length > 0) this.#close()
  }

  /** The text up to the next tag, and that tag; false at the end. */
  #step(): boolean {
    const tag = this.#xml.indexOf('<', this.#at)
    this.#text(decode(this.#xml.slice(this.#at, tag < 0 ? undefined : tag)))
    if (tag < 0) return false
    this.#at = tag
    if (this.#startsWith('<!--')) return this.#skipTo('-->')
    if (this.#startsWith('<![CDATA[')) return this.#cdata()
    if (this.#startsWith('<?')) return this.#skipTo('?>')
    if (this.#startsWith('<!')) return this.#skipTo('>')
    const end = tagEnd(this.#xml, tag + 1)
    if (end < 0) return false
    if (this.#xml[end] === '<') {
      // This `<` begins no tag: it is text.
      this.#text('<')
      this.#at = tag + 1
      return true
    }
    this.#at = end + 1
    const inside = this.#xml.slice(tag + 1, end)
    if (inside.startsWith('/')) this.#endTag(inside.slice(1).trim())
    else this.#startTag(inside)
    return true
  }

  #startsWith(word: string): boolean {
    return this.#xml.startsWith(word, this.#at)
  }

  #skipTo(word: string): boolean {
    const end = this.#xml.indexOf(word, this.#at)
    this.#at = end + word.length
    return end >= 0
  }

  #cdata(): boolean {
    const start = this.#at + '<![CDATA['.length
    if (!this.#skipTo(']]>')) return false
    this.#text(this.#xml.slice(start, this.#at - ']]>'.length))
    return true
  }

  #text(text: string): void {
    const inner = this.#open.at(-1)
    if (inner !== undefined) inner.text += text
  }

  #startTag(inside: string): void {
    const isEmpty = inside.endsWith('/')
    const { name, attributes } = nameAndAttributes(isEmpty ? inside.slice(0, -1) : inside)
    this.#open.push({ name, attributes, children: [], text: '' })
    this.#openNames.set(name, (this.#openNames.get(name) ?? 0) + 1)
    if (isEmpty) this.#close()
  }

  #endTag(name: string): void {
    if ((this.#openNames.get(name) ?? 0) === 0) {
      this.#fault(`</${name}> closes nothing`)
      return
    }
    const innermost = this.#open.at(-1)?.name ?? ''
    if (innermost !== name) this.#fault(`<${innermost}> is not closed`)
    while (this.#close() !== name);
  }

  /** Closes the innermost element; answers its name. */
  #close(): string {
    const { name, attributes, children, text } = this.#open.pop() ?? { name: '', children: [], text: '' }
    this.#openNames.set(name, (this.#openNames.get(name) ?? 0) - 1)
    const content = { name, text: isBlank(text) ? '' : text, children }
    const element = attributes === undefined ? content : { ...content, attributes }
    const parent = this.#open.at(-1)
    if (parent === undefined) this.root = element
    else if (this.#open.length >= DEEPEST) this.#fault(`more than ${DEEPEST} elements inside each other`)
    else if (!isWritableName(name)) this.#fault(`<${name}> is no name`)
    else parent.children.push(element)
    return name
  }

  #fault(text: string): void {
    if (this.faults.length < MOST_FAULTS && !this.faults.includes(text)) this.faults.push(text)
  }
}

const MOST_FAULTS = 10

/**
 * Where the tag ends whose inside begins at `from`, or where another begins before; -1 for nowhere. What is in quotes does
 * not count, if they are closed.
 */
function tagEnd(xml: string, from: number): number {
  let quote = ''
  for (let at = from; at < xml.length; at++) {
    const character = xml.charAt(at)
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '>' || character === '<') return at
  }
  return xml.indexOf('>', from)
}

const ATTRIBUTE = /\s+([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y

/** What is not all attributes belongs to the name. */
function nameAndAttributes(inside: string): Pick<Open, 'name' | 'attributes'> {
  const trimmed = inside.trim()
  const end = trimmed.search(/\s/)
  if (end < 0) return { name: trimmed, attributes: undefined }
  const attributes: [string, string][] = []
  ATTRIBUTE.lastIndex = end
  let read = end
  for (let match = ATTRIBUTE.exec(trimmed); match !== null; match = ATTRIBUTE.exec(trimmed)) {
    attributes.push([match[1] ?? '', decode(match[2] ?? match[3] ?? '')])
    read = ATTRIBUTE.lastIndex
  }
  if (read < trimmed.length) return { name: trimmed, attributes: undefined }
  return { name: trimmed.slice(0, end), attributes: Object.fromEntries(attributes) }
}

/** The root element of a document and what of it could not be read, or the reason why there is none. Never throws. */
export function parseXml(xml: string): { root: XmlElement; faults: readonly string[] } | { reason: string } {
  // As XML 1.0 says.
  const reader = new Reader(xml.replace(/\r\n?/g, '\n').replace(/[\0\p{Surrogate}]/gu, '\uFFFD'))
  reader.read()
  return reader.root === undefined ? { reason: 'no root element' } : { root: reader.root, faults: reader.faults }
}

/** Whether `text` is nothing to XML: blanks between elements. Other spaces, such as U+00A0, are text. */
export function isBlank(text: string): boolean {
  return !/[^ \t\r\n]/.test(text)
}
