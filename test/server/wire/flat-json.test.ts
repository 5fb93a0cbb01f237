import t from 'tap'
import { readFlatJson } from '../../../src/server/wire/flat-json.js'
import { seededRandom } from '../../support/random.js'

const KEYS = ['"a"', '"b"', '"b"', '"two words"', '"1"', '""', '"é😀"', '"a\\n"', '"__proto__"', '"constructor"']
const VALUES = [
  ...['1', '-0', '-1.25', '1.5e-7', '2E+3', '1e400', '12345678901234567890', '01', '1.', '.5', '-', 'NaN', 'Infinity'],
  ...['true', 'false', 'null', 'nul', '""', '"x"', '"two words, {1}: é😀"', '"\\""', '"\n"', '[1]', '{"c":1}'],
]
const PIECES = ['{', '}', ':', ',', '"', '\\', ' ', '\n', '\x01', '0', '-', 'e', '.']

function byJsonParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

t.test('what is read is what JSON.parse reads, in an object without a prototype', t => {
  const random = seededRandom(t)
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? ''
  let read = 0
  for (let round = 0; round < 50_000; round++) {
    const members = Array.from(
      { length: Math.floor(random() * 4) },
      () => `${pick(KEYS)}${pick([':', ' : '])}${pick(VALUES)}`,
    )
    const whole = `{${members.join(pick([',', ', ', ' , ']))}}`
    const at = Math.floor(random() * whole.length)
    const text = random() < 0.7 ? whole : whole.slice(0, at) + pick(PIECES) + whole.slice(at + Math.floor(random() * 2))
    const value = readFlatJson(text)
    if (value === undefined) continue
    read++
    const expected = byJsonParse(text)
    const isSame =
      Object.getPrototypeOf(value) === null &&
      JSON.stringify(value) === JSON.stringify(expected) &&
      Object.entries(value).every(([key, each]) => Object.is(each, (expected as Record<string, unknown>)[key]))
    if (!isSame) t.same(value, expected, text)
  }
  t.ok(read > 1000, `${read} were read`)
  t.end()
})

t.test('payloads as they are sent are read, all others are left to who knows more', t => {
  t.strictSame({ ...readFlatJson('{"a":1}') }, { a: 1 })
  const usual = '{"stream": "eeg", "rate": 0.5, "isOn": true, "from": null, "n": -3}'
  t.strictSame({ ...readFlatJson(usual) }, { stream: 'eeg', rate: 0.5, isOn: true, from: null, n: -3 })
  for (const text of [
    '',
    '{}',
    '[]',
    '1',
    '{"a":[1]}',
    '{"a":{}}',
    '{"__proto__":1}',
    '{"constructor":1}',
    '{"a":1} ',
  ]) {
    t.equal(readFlatJson(text), undefined, text)
  }
  t.end()
})
