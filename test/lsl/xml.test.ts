import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { writeXml } from '../../src/lsl/write-xml.js'
import { childOf, DEEPEST, parseXml, xmlElement } from '../../src/lsl/xml.js'
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

t.test('what has no element gives a reason, and never throws', async t => {
  for (const xml of ['', 'text', '\0', '<?xml version="1.0"?>', '<', '<>', '</a>', '<!-- <a/>', '<![CDATA[<a/>']) {
    const result = parseXml(xml)
    if (!('reason' in result) && xml !== '<>') return t.fail(`accepted ${JSON.stringify(xml)}`)
  }
})

t.test('what is no strict XML is read as it was meant, and what cannot be is left out and told', async t => {
  for (const [xml, root, fault] of [
    ['<a><1>x</1><b>2</b></a>', xmlElement('a', [xmlElement('1', 'x'), xmlElement('b', '2')]), undefined],
    ['<a><my channel>x</my channel></a>', xmlElement('a', [xmlElement('my channel', 'x')]), undefined],
    ['<a><my channel/><b/></a>', xmlElement('a', [xmlElement('my channel'), xmlElement('b')]), undefined],
    ['<a><b>1</a>', xmlElement('a', [xmlElement('b', '1')]), /<b> is not closed/],
    ['<a><b>1', xmlElement('a', [xmlElement('b', '1')]), /<b> is not closed/],
    ['<a></c><b>1</b></a>', xmlElement('a', [xmlElement('b', '1')]), /<\/c> closes nothing/],
    ['<a><b/c>1</b/c></a>', xmlElement('a', []), /is no name/],
    ['<a><b>1 < 2 & 3</b></a>', xmlElement('a', [xmlElement('b', '1 < 2 & 3')]), undefined],
    ['<a>&#01;&#xD800;&nothing;</a>', xmlElement('a', '\x01&#xD800;&nothing;'), undefined],
    ['<a><!DOCTYPE x><b>&#x41;</b></a>', xmlElement('a', [xmlElement('b', 'A')]), undefined],
  ] as const) {
    const result = parseXml(xml)
    if ('reason' in result) return t.fail(result.reason)
    t.strictSame(result.root, root, xml)
    if (fault === undefined) t.same(result.faults, [], xml)
    else t.match(result.faults[0], fault, xml)
  }
})

t.test('attributes are kept, those with > in quotes too', async t => {
  const xml = `<a b="1 &lt; 2" c='x>y'><d e="&#10;"/></a>`
  const root = xmlElement('a', [xmlElement('d', '', { e: '\n' })], { b: '1 < 2', c: 'x>y' })
  t.strictSame(parsed(xml), root)
  t.strictSame(parsed(writeXml(root)), root)
})

t.test('elements inside elements are read to a depth that any thread can take', async t => {
  const deep = (depth: number): string => `${'<a>'.repeat(depth)}x${'</a>'.repeat(depth)}`
  t.match(parseXml(deep(DEEPEST)), { faults: [] })
  const result = parseXml(deep(100_000))
  t.match(result, { faults: [/more than 256 elements/] })
  t.doesNotThrow(() => structuredClone(result))
})

t.test('no document takes a time that grows with the square of its length', async t => {
  const length = 400_000
  const start = performance.now()
  for (const piece of ['<', '<a', "<a b='", '<a b="">', '&', '&#1', '<!--', '<![CDATA[', '</', "<a ''' ", '<a b=c '])
    parseXml(`<x>${piece.repeat(length / piece.length)}`)
  t.ok(performance.now() - start < 20_000, `${performance.now() - start} ms`)
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

t.test('control characters are written as liblsl writes them, and read again', async t => {
  const element = xmlElement('a', 'x\x01\x1F\r\n\ty')
  t.match(writeXml(element), '<a>x&#01;&#31;&#13;\n\ty</a>')
  t.strictSame(parsed(writeXml(element)), element)
})

t.test('the first child of a name, or none', async t => {
  const root = parsed('<a><b>1</b><b>2</b></a>')
  t.equal(childOf(root, 'b')?.text, '1')
  t.equal(childOf(root, 'c'), undefined)
  t.equal(childOf(undefined, 'b'), undefined)
})
