import fc from 'fast-check'
import t from 'tap'
import { pythonFormat } from '../../src/python/format.js'
import { pythonSequence } from '../../src/python/sequence.js'
import { floatRepr, pythonRepr } from '../../src/python/repr.js'
import { PythonFloat } from '../../src/python/values.js'
import { parseWireJson } from '../../src/python/json.js'

// What Python 3.11 prints; test/interop/logging.interop.ts asks Python itself about many more.
const TABLE: readonly (readonly [msg: string, args: unknown, text: string])[] = [
  ['%s and %s', ['a', 1], 'a and 1'],
  ['%d%%', [5], '5%'],
  ['%r', ["it's"], '"it\'s"'],
  ['%s', [null], 'None'],
  ['%s', [[true, 'x', 1]], "[True, 'x', 1]"],
  ['%5.2f|', [3.14159], ' 3.14|'],
  ['%-5d|%05d|%+d', [42, 42, 42], '42   |00042|+42'],
  ['%x %X %#x %o', [255, 255, 255, 8], 'ff FF 0xff 10'],
  ['%e %g %g', [12345.678, 0.00001, 1e20], '1.234568e+04 1e-05 1e+20'],
  ['%*d', [6, 7], '     7'],
  ['%.3s', ['abcdef'], 'abc'],
  ['%c%c', ['x', 121], 'xy'],
  ['%(a)s-%(b)d', { a: 'x', b: 2 }, 'x-2'],
  ['%s', { a: 1 }, "{'a': 1}"],
  ['%d', [12345678901234567890n], '12345678901234567890'],
  ['%s', [NaN], 'nan'],
  ['%i', [new PythonFloat(3)], '3'],
  ['%s', [new PythonFloat(1)], '1.0'],
]

t.test('the percent operator formats as Python does', t => {
  for (const [msg, args, text] of TABLE) t.equal(pythonFormat(msg, args as unknown[]), text, msg)
  t.end()
})

t.test('what Python refuses comes unformatted, with its arguments', t => {
  t.equal(pythonFormat('%s %s', ['one']), "%s %s ['one']")
  t.equal(pythonFormat('%s', ['one', 'two']), "%s ['one', 'two']")
  t.equal(pythonFormat('%d', ['x']), "%d ['x']")
  t.equal(pythonFormat('100%', [1]), '100% [1]')
  t.equal(pythonFormat('100% sure', [1]), '1001ure', 'a blank is a flag')
  t.equal(pythonFormat('%(b)s', { a: 1 }), "%(b)s {'a': 1}")
  t.equal(pythonFormat('%999999999d', [1]), '%999999999d [1]')
  t.end()
})

t.test('formatting never throws, whatever the message and the arguments', t => {
  const spec = fc.stringMatching(/^%(\(\w\))?[#0\- +]{0,2}(\*|\d{0,4})(\.\d{0,3})?[a-zA-Z%]$/)
  fc.assert(
    fc.property(
      fc.array(fc.oneof(spec, fc.string({ unit: 'binary' }))),
      fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
      (pieces, args) => typeof pythonFormat(pieces.join(''), args) === 'string',
    ),
    { numRuns: 1000 },
  )
  t.end()
})

t.test('floats print their shortest digits, with the exponents of Python', t => {
  const shown = [0.1, 1e16, 1e15, 1e-4, 1e-5, -0, 123456789.5, 1e100, 5e-324, 1.5e-7, NaN, -Infinity].map(floatRepr)
  t.same(shown, [
    '0.1',
    '1e+16',
    '1000000000000000.0',
    '0.0001',
    '1e-05',
    '-0.0',
    '123456789.5',
    '1e+100',
    '5e-324',
    '1.5e-07',
    'nan',
    '-inf',
  ])
  t.end()
})

t.test('the JSON of Python is read with its bare words and its integers of any size', t => {
  t.same(
    parseWireJson('{"a":NaN,"b":[-Infinity,Infinity],"c":1180591620717411303424,"d":9007199254740993,"e":"NaN 1e5"}'),
    {
      a: NaN,
      b: [-Infinity, Infinity],
      c: 2n ** 70n,
      d: 9007199254740993n,
      e: 'NaN 1e5',
    },
  )
  t.equal(parseWireJson('{"a":'), undefined)
  t.equal(parseWireJson('{"a":NaNsense}'), undefined)
  t.same(parseWireJson('[1.0]', { keepFloats: true }), [new PythonFloat(1)])
  t.same(parseWireJson('{"x":{"\\u0000python number":"alert()"},"y":NaN}'), { x: null, y: NaN })
  t.end()
})

t.test('arguments that came as the text of a tuple are taken apart', t => {
  t.same(pythonSequence('()'), [])
  t.same(pythonSequence("('q',)"), ['q'])
  t.same(pythonSequence(`('a, b', "it's", 3, None, True, [1, 2])`)?.length, 6)
  t.same(pythonSequence("('a\\n\\x41', -5)"), ['a\nA', -5n])
  t.equal(pythonSequence('None'), undefined)
  t.equal(pythonRepr(pythonSequence("(<class 'object'>, 1.0)")), "[<class 'object'>, 1.0]")
  t.end()
})

t.test('a few digits of width ask for no endless text', t => {
  const msg = '%1000d'.repeat(10_000)
  const args = Array(10_000).fill(1)
  t.ok(pythonFormat(msg, args).length < 200_000)
  t.end()
})
