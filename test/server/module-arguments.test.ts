import t from 'tap'
import fc from 'fast-check'
import { moduleArguments } from '../../src/server/module-arguments.js'
import { pythonValue } from '../../src/python/literal.js'

t.test('the command lines of all control rooms are understood', async t => {
  const seen = ['--some-flag', '--stream_name=x y', '--flag=True', "--lst=[1, 'a']", '--ip=127.0.0.1', '--port=18412']
  const { kwargs, ...rest } = moduleArguments(seen)
  t.same(rest, { port: 18412, ip: '127.0.0.1', loglevel: 20 })
  t.same({ ...kwargs }, { some_flag: true, stream_name: 'x y', flag: true, lst: [1, 'a'] })

  t.match(moduleArguments(['--port=8081', '--ip=127.0.0.1', '--loglevel=10', '--foo=bar']), {
    port: 8081,
    loglevel: 10,
  })
  t.match(moduleArguments(['8089', '127.0.0.1']), { port: 8089, ip: '127.0.0.1' })
  t.match(moduleArguments(['-m', 'api.server', '--port', '8090', '--a-b', '-1', '--c']), {
    port: 8090,
    kwargs: { a_b: -1, c: true },
  })
  t.match(moduleArguments(['--loglevel=INFO']), { loglevel: 'INFO' })
  t.match(moduleArguments([]), { port: 8080, ip: '127.0.0.1', kwargs: {} })
})

t.test('a port or an address that is none is refused by name', async t => {
  t.throws(() => moduleArguments(['--port=x']), { name: 'TypeError', message: /--port.*"x"/ })
  t.throws(() => moduleArguments(['--port=70000']), { name: 'RangeError' })
  t.throws(() => moduleArguments(['--ip=1']), { name: 'TypeError', message: /--ip/ })
})

t.test("Python's values", async t => {
  const values: [string, unknown][] = [
    ['None', null],
    ['True', true],
    ['1', 1],
    ['-1.5e3', -1500],
    ['1e-3', 0.001],
    ['1_000', 1000],
    ["'it\\'s'", "it's"],
    ['[1, [2, "x"], (3,)]', [1, [2, 'x'], [3]]],
    ['()', []],
    ["{'a': 1, 'b': [None, False]}", { a: 1, b: [null, false] }],
    ['{}', {}],
  ]
  for (const [text, value] of values) t.same(JSON.parse(JSON.stringify(pythonValue(text))), value, text)
  for (const text of [
    '',
    'abc',
    'a b',
    '[1',
    '1 2',
    "'a",
    '127.0.0.1',
    '1.2.3',
    '{1}',
    '[1 2]',
    '--',
    'x[1]',
    '2026-11-22',
  ]) {
    t.equal(pythonValue(text), text, text)
  }
})

t.test('whatever JSON can write is read back, and no text throws', async t => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const text = JSON.stringify(value)
      if (/\\[ubf]/.test(text)) return true
      return JSON.stringify(pythonValue(text)) === JSON.stringify(JSON.parse(text))
    }),
  )
  fc.assert(fc.property(fc.string(), text => (pythonValue(text), true)))
  t.pass()
})
