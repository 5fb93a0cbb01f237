import t from 'tap'
import fc from 'fast-check'
import { JsonScanner } from '../../../src/server/wire/json-scanner.js'

function scan(text: string): string {
  const scanner = new JsonScanner()
  let state = 'open'
  for (let i = 0; i < text.length; i++) {
    if (state === 'done') return 'trailing'
    state = scanner.feed(text.charCodeAt(i))
    if (state === 'invalid') return state
  }
  return state
}

t.test('every JSON object is done at its last byte and open before', async t => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, at) => {
      const text = Buffer.from(JSON.stringify(value, null, at % 3)).toString('latin1')
      return scan(text) === 'done' && scan(text.slice(0, at % text.length)) === 'open'
    }),
    { numRuns: 2000 },
  )
  t.pass('2000 objects')
})

t.test('an object is done exactly if JSON.parse accepts it', async t => {
  const alphabet = [
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\\',
    ' ',
    '\n',
    'a',
    'u',
    '0',
    '1',
    '-',
    '+',
    '.',
    'e',
    'true',
    'null',
    '"a"',
    '"a":',
    '\\u00e9',
    '\x01',
    '\xe9',
  ]
  let valid = 0
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 8 }), parts => {
      const text = `{${parts.join('')}}`
      let parses = true
      try {
        JSON.parse(text)
        valid++
      } catch {
        parses = false
      }
      return (scan(text) === 'done') === parses
    }),
    { numRuns: 20_000 },
  )
  t.ok(valid > 10, `${valid} of 20000 were valid`)
})

t.test("Python's numbers are accepted, look-alikes are not", async t => {
  t.equal(scan('{"a": NaN, "b": [Infinity, -Infinity]}'), 'done')
  for (const text of [
    '{"a": nan}',
    '{"a": -NaN}',
    '{"a": Infinit}',
    '{"a": 01}',
    '{"a": 1.}',
    '{"a": +1}',
    '{"a": True}',
  ]) {
    t.equal(scan(text), 'invalid', text)
  }
})

t.test('nesting deeper than 64 is invalid as soon as it is seen', async t => {
  t.equal(scan(`{"a":${'['.repeat(63)}`), 'open')
  t.equal(scan(`{"a":${'['.repeat(64)}`), 'invalid')
  t.equal(scan(`{"a":${'['.repeat(50_000)}`), 'invalid')
})
