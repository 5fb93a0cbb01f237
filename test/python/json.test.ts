import t from 'tap'
import { parseWireJson, readPythonJson } from '../../src/python/json.js'
import { PythonFloat } from '../../src/python/values.js'

t.test("Python's three numbers are read where they stand for values, and are words in strings", async t => {
  const value = readPythonJson('{"a":NaN,"b":[Infinity,-Infinity],"NaN":"NaN, -Infinity \\"NaN","c":"\\\\"}')
  t.same(value, { a: NaN, b: [Infinity, -Infinity], NaN: 'NaN, -Infinity "NaN', c: '\\' })
  for (const text of ['-NaN', 'NaNN', '[NaN', '+Infinity', '{"a":Infinityx}'])
    t.throws(() => readPythonJson(text), { name: 'SyntaxError' }, text)
})

t.test('integers are numbers, or exact where that is asked for', async t => {
  const text = '[12345678901234567890, 9007199254740991, -1, "12345678901234567890", NaN]'
  t.same(readPythonJson(text), [12345678901234567000, 9007199254740991, -1, '12345678901234567890', NaN])
  t.same(readPythonJson(text, { exactIntegers: true }), [
    12345678901234567890n,
    9007199254740991,
    -1,
    '12345678901234567890',
    NaN,
  ])
  t.same(parseWireJson('[1, 1.0, 1e3]', { keepFloats: true }), [1, new PythonFloat(1), new PythonFloat(1000)])
})

t.test('an integer of more digits than Python reads is none', async t => {
  t.equal(typeof parseWireJson('9'.repeat(4300)), 'bigint')
  t.equal(parseWireJson('9'.repeat(4301)), undefined)
  t.equal(readPythonJson('9'.repeat(4301)), Infinity)
})

t.test("the mark that numbers travel with is a sender's to write, and gets it no further than a number", async t => {
  t.same(readPythonJson('[NaN, {"\\u0000python number":"NaN"}]'), [NaN, NaN])
  t.same(readPythonJson('[NaN, {"\\u0000python number":"process.exit()"}]'), [NaN, null])
})
