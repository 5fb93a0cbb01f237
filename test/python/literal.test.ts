import t from 'tap'
import { pythonValue } from '../../src/python/literal.js'
import { pythonSequence } from '../../src/python/sequence.js'
import { PythonFloat, PythonOpaque } from '../../src/python/values.js'

t.test('a literal of Python or JSON is its value, other text is itself', async t => {
  const table: readonly (readonly [string, unknown])[] = [
    ['1', 1],
    ['-1.5e-3', -0.0015],
    ['1_000', 1000],
    ['None', null],
    ['true', true],
    ['-Infinity', -Infinity],
    ["'it\\'s'", "it's"],
    ['"\\u00b5\\x41\\n\\d"', 'µA\n\\d'],
    [" [1, 'a', (2,), {'k': None}] ", [1, 'a', [2], { k: null }]],
    ['[]', []],
    ['{}', {}],
    ['text', 'text'],
    ["'open", "'open"],
    ["'a' 'b'", "'a' 'b'"],
    ['[1 2]', '[1 2]'],
    ['[1', '[1'],
    ['{1}', '{1}'],
    ['1.2.3', '1.2.3'],
    ['127.0.0.1', '127.0.0.1'],
    ['', ''],
  ]
  for (const [text, value] of table) t.same(pythonValue(text), value, text)
  const deep = '['.repeat(100_000)
  t.equal(pythonValue(deep), deep, 'nested too deeply is text')
})

t.test("the items of a tuple in Python's text are values, or the text that repr() gave", async t => {
  t.same(pythonSequence("('a', 3, 1.0, None, inf, 'x, y')"), ['a', 3n, new PythonFloat(1), null, Infinity, 'x, y'])
  t.same(pythonSequence('(<Foo a, b>, [1, 2])'), [new PythonOpaque('<Foo a, b>'), new PythonOpaque('[1, 2]')])
  t.same(pythonSequence(`(${'9'.repeat(5000)},)`), [new PythonOpaque('9'.repeat(5000))])
  t.same(pythonSequence('()'), [])
  t.equal(pythonSequence('x'), undefined)
  t.equal(pythonSequence('('), undefined)
})
