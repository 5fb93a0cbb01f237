import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { childOf, parseXml, writeXml, xmlElement } from '../../src/lsl/xml.js'
import type { XmlElement } from '../../src/lsl/xml.js'

function parsed(xml: string): XmlElement {
  const result = parseXml(xml)
  if ('reason' in result) throw new Error(result.reason)
  return result.root
}

t.test('entities, CDATA and character references are decoded', async t => {
  const root = parsed('<a><b>1 &lt; 2 &amp;&quot;&apos;</b><c><![CDATA[<raw> & ]]></c><d>&#956;V &#x1F600;</d></a>')
  t.same(
    root.children.map(({ text }) => text),
    ['1 < 2 &"\'', '<raw> & ', 'μV 😀'],
  )
})

t.test('white space between elements is no text, but within a text it stays', async t => {
  const root = parsed('<?xml version="1.0"?>\n<a>\n\t<b> two words </b>\n\t<c>\n</c>\n</a>\n')
  t.equal(root.text, '')
  t.same(
    root.children.map(({ name, text }) => [name, text]),
    [
      ['b', ' two words '],
      ['c', ''],
    ],
  )
})

t.test('comments and processing instructions are skipped', async t => {
  t.strictSame(parsed('<a><!-- <b/> --><?php x ?><c>1</c></a>'), xmlElement('a', [xmlElement('c', '1')]))
})

t.test('what is no XML gives a reason of one line, and never throws', async t => {
  for (const xml of ['', 'text', '<a>', '<a></b>', '<a>&nothing;</a>', '<a><b></a>', '\0', '<?xml version="1.0"?>']) {
    const result = parseXml(xml)
    if (!('reason' in result)) return t.fail(`accepted ${JSON.stringify(xml)}`)
    t.match(result.reason, /^[^\n]+$/, JSON.stringify(xml))
  }
})

// Characters that XML 1.0 cannot hold are refused below; a text of white space only means nothing in LSL.
const xmlText = fc
  .string({ unit: 'grapheme-composite', maxLength: 40 })
  .filter(text => !/[\0-\x1f\ufffe\uffff]/.test(text) && (text === '' || text.trim() !== ''))
const xmlName = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/)
const xmlTree = fc.letrec<{ element: XmlElement }>(tie => ({
  element: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(xmlName, xmlText).map(([name, text]) => xmlElement(name, text)),
    fc
      .tuple(xmlName, fc.array(tie('element'), { minLength: 1, maxLength: 4 }))
      .map(([name, children]) => xmlElement(name, children)),
  ),
})).element

t.test('any tree of names and texts reads back as it was written', async t => {
  fc.assert(
    fc.property(xmlTree, tree => isDeepStrictEqual(parsed(writeXml(tree)), tree)),
    { numRuns: 200 },
  )
  t.pass('200 trees')
})

t.test('line feeds are those of XML 1.0, and other separators stay', async t => {
  t.equal(parsed('<a>1\r\n2\r3\u20284\u00855</a>').text, '1\n2\n3\u20284\u00855')
})

t.test('any string is parsed or refused', async t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
      const result = parseXml(`<a>${text}</a>`)
      return 'root' in result || result.reason !== ''
    }),
  )
  t.pass('100 strings')
})

t.test('a name that XML does not have, or a character it cannot hold, is not written', async t => {
  t.throws(() => writeXml(xmlElement('two words', 'x')))
  t.throws(() => writeXml(xmlElement('a', 'x\0y')))
})

t.test('the first child of a name, or none', async t => {
  const root = parsed('<a><b>1</b><b>2</b></a>')
  t.equal(childOf(root, 'b')?.text, '1')
  t.equal(childOf(root, 'c'), undefined)
  t.equal(childOf(undefined, 'b'), undefined)
})
