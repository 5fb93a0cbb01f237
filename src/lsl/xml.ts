import { DOMImplementation, DOMParser, XMLSerializer } from '@xmldom/xmldom'
import type { Document, Element } from '@xmldom/xmldom'

/** One element of a stream's metadata: text or children. Plain, so that it crosses threads. */
export interface XmlElement {
  readonly name: string
  /** Text content with entities decoded; '' for an element that only holds others. */
  readonly text: string
  readonly children: readonly XmlElement[]
}

const ELEMENT = 1
const TEXT = 3
const CDATA = 4

function fromDom(element: Element): XmlElement {
  const children: XmlElement[] = []
  let text = ''
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === ELEMENT) children.push(fromDom(node as Element))
    else if (node.nodeType === TEXT || node.nodeType === CDATA) text += node.nodeValue ?? ''
  }
  return { name: element.nodeName, text: text.trim() === '' ? '' : text, children }
}

/** As XML 1.0 says. The default is that of XML 1.1, which makes line feeds of U+0085 and U+2028 too. */
function normalizeLineEndings(xml: string): string {
  return xml.replace(/\r\n?/g, '\n')
}

/** The root element of a document, or the reason why there is none. Never throws. */
export function parseXml(xml: string): { root: XmlElement } | { reason: string } {
  try {
    const reject = (level: string, message: string): void => {
      if (level !== 'warning') throw new SyntaxError(message)
    }
    const root = new DOMParser({ onError: reject, normalizeLineEndings }).parseFromString(
      xml,
      'text/xml',
    ).documentElement
    return root === null ? { reason: 'no root element' } : { root: fromDom(root) }
  } catch (error) {
    return { reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}

function toDom(document: Document, { name, text, children }: XmlElement): Element {
  const element = document.createElement(name)
  for (const child of children) element.appendChild(toDom(document, child))
  if (text !== '') element.appendChild(document.createTextNode(text))
  return element
}

/** The document with `root` as its root element. Throws a DOMException where a name is not an XML name. */
export function writeXml(root: XmlElement): string {
  const document = new DOMImplementation().createDocument(null, '')
  document.appendChild(toDom(document, root))
  const body = new XMLSerializer().serializeToString(document, { requireWellFormed: true })
  return `<?xml version="1.0"?>\n${body}\n`
}

/** An element of text, or of children. */
export function xmlElement(name: string, content: string | readonly XmlElement[] = ''): XmlElement {
  return typeof content === 'string' ? { name, text: content, children: [] } : { name, text: '', children: content }
}

/** The first child of that name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find(child => child.name === name)
}
