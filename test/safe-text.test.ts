import t from 'tap'
import { safeName, safeText } from '../src/safe-text.js'

const RECORD = '2026-11-22 05:33:01,898 - x - CRITICAL - no'

t.test('a break before what looks like a record is escaped, blanks between or not, and no other', t => {
  t.equal(safeText(`one\n${RECORD}`), `one\\n${RECORD}`)
  t.equal(safeText(`one\r\n \n\t${RECORD}\ntwo`), `one\\r\\n \\n\t${RECORD}\ntwo`)
  t.equal(safeText(`one\n\n${RECORD}\n${RECORD}`), `one\\n\\n${RECORD}\\n${RECORD}`)
  t.equal(safeText('one\ntwo\r\nthree'), 'one\ntwo\r\nthree')
  t.equal(safeText(`at ${RECORD}`), `at ${RECORD}`)
  t.end()
})

t.test('no control sequence stays, of seven or of eight bits', t => {
  t.equal(safeText('\x1b[2J\x07\x9b2Ja\rb\tc'), '\\x1b[2J\\x07\\x9b2Ja\\rb\tc')
  t.equal(safeName('a\nb\r\nc\td\x1b'), 'a\\nb\\r\\nc\\td\\x1b')
  t.end()
})

t.test('a long text takes no longer than its length explains, whatever it holds', t => {
  for (const piece of ['\n', '\r\n', ' ', '\n ', '\r', '2026-11-22 ', '2', `\n${RECORD}`, '\x1b']) {
    const text = piece.repeat(262_144 / piece.length)
    const startMs = performance.now()
    safeText(text)
    safeName(text)
    // A scan that is quadratic in it takes minutes.
    t.ok(performance.now() - startMs < 20_000, JSON.stringify(piece))
  }
  t.end()
})

t.test('what turns the direction of writing, and the line breaks of Unicode, are shown and not obeyed', t => {
  t.equal(safeText('a\u202eb\u2066c\u2069'), 'a\\u202eb\\u2066c\\u2069')
  t.equal(safeText('one\u2028two\u2029three'), 'one\\u2028two\\u2029three')
  t.equal(safeName('EEG\u202edemrifnoc'), 'EEG\\u202edemrifnoc')
  // Letters of every direction, and the blanks beside those signs, stay.
  t.equal(safeText('שלום العربية \u2027\u202f\u2065'), 'שלום العربية \u2027\u202f\u2065')
  t.end()
})
