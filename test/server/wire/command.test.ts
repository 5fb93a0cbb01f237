import t from 'tap'
import fc from 'fast-check'
import { builtInOf } from '../../../src/server/wire/built-in.js'
import { parseCommand, readinessOf } from '../../../src/server/wire/command.js'
import { parsePayload } from '../../../src/server/wire/json-payload.js'
import { pythonBytes } from '../../../src/python/repr.js'
import { decodeWire, isUndecodable } from '../../../src/server/wire/wire-text.js'
import { CommandTable } from '../../../src/server/command-table.js'
import { isAuthorized } from '../../../src/server/client/token.js'
import { callbackLine } from '../../../src/server/wire/callback-line.js'
import { CommandSplitter } from '../../../src/server/wire/command-splitter.js'
import { repeated, slowness } from '../../support/hostile.js'
import { inTime } from '../../support/in-time.js'

const names = new CommandTable({ START: () => 0, 'FIT MODEL': () => 0 })

t.test('names from the prototype of objects are unknown commands', async t => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
    t.equal(parseCommand(`${name}|{"a":1}`, names).kind, 'unknown', name)
  }
})

t.test('keyword arguments cannot pollute', async t => {
  const bad = [
    '{"__proto__":{"x":1}}',
    '{"a":{"__proto__":1}}',
    '{"a":[{"__proto__":1}]}',
    '{"constructor":{"prototype":{"x":1}}}',
  ]
  for (const payload of [...bad, '{"\\u005f_proto__":{"x":1}}']) {
    t.match(parsePayload(payload), { reason: /forbidden key/ }, payload)
    t.equal(({} as { x?: unknown }).x, undefined)
  }
  const result = parsePayload('{"constructor":1,"prototype":2,"a":{"b":1}}')
  if (!('kwargs' in result)) throw new Error(result.reason)
  t.equal(Object.getPrototypeOf(result.kwargs), null)
  t.equal(Object.getPrototypeOf(result.kwargs['a']), null)
  t.same({ ...result.kwargs }, { constructor: 1, prototype: 2, a: { b: 1 } })
})

t.test("Python's NaN and Infinity are numbers, in strings they are words", async t => {
  const result = parsePayload('{"a":NaN,"b":[Infinity,-Infinity],"NaN":"NaN, -Infinity \\"NaN","c":"\\\\"}')
  if (!('kwargs' in result)) throw new Error(result.reason)
  t.same({ ...result.kwargs }, { a: NaN, b: [Infinity, -Infinity], NaN: 'NaN, -Infinity "NaN', c: '\\' })
})

t.test('a payload is an object, valid, and at most 64 deep', async t => {
  for (const payload of ['null', '1', '"x"', '[1]', 'true', '[]'])
    t.match(parsePayload(payload), { reason: /not a JSON object/ })
  for (const payload of ['{', '{a:1}', "{'a':1}", '{"a":1}x', ''])
    t.match(parsePayload(payload), { reason: /not valid JSON/ })
  t.ok('kwargs' in parsePayload(`{"a":${'['.repeat(63)}${']'.repeat(63)}}`))
  t.match(parsePayload(`{"a":${'['.repeat(64)}${']'.repeat(64)}}`), { reason: /nested deeper/ })
  const started = performance.now()
  t.ok('reason' in parsePayload(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`))
  inTime(t, '100,000 brackets', performance.now() - started, 100)
})

t.test('whatever the bytes, parsing answers and never throws', async t => {
  const bytes = fc.string({ unit: fc.nat(255).map(code => String.fromCharCode(code)), maxLength: 30 })
  const parts = fc.array(
    fc.oneof(bytes, fc.constantFrom('START', '|', '{', '}', '"', 'STOP', 'UP|', '\xc2', 'NaN', '{"a":1}')),
  )
  fc.assert(
    fc.property(parts, list => {
      const piece = list.join('')
      parseCommand(piece, names)
      readinessOf(piece, names)
      builtInOf(piece)
      pythonBytes(piece)
      return true
    }),
    { numRuns: 10_000 },
  )
  t.pass('10000 pieces')
})

t.test('bytes are printed as Python prints them', async t => {
  t.equal(pythonBytes('\xff'), String.raw`b'\xff'`)
  t.equal(pythonBytes(`a'b`), `b"a'b"`)
  t.equal(pythonBytes(`a'b"c`), String.raw`b'a\'b"c'`)
  t.equal(pythonBytes('\t\r\n\\\0\x7f~ '), String.raw`b'\t\r\n\\\x00\x7f~ '`)
})

t.test('text is UTF-8, or ASCII among stray 0xC2; half a character is not hopeless', async t => {
  t.equal(decodeWire('\xc3\xa9'), 'é')
  t.equal(decodeWire('\xc2START'), 'START')
  t.equal(decodeWire('\xc2\xb5V'), 'µV')
  t.equal(decodeWire('\xff'), undefined)
  t.equal(isUndecodable('a\xc3'), false)
  t.equal(isUndecodable('\xe8\x84'), false)
  t.equal(isUndecodable('\xff'), true)
  t.equal(isUndecodable('\xc2S'), false)
})

t.test('words between name and payload are positional arguments', async t => {
  t.match(parseCommand('START|a|b c|{"k":"|"}', names), {
    kind: 'call',
    name: 'START',
    args: ['a', 'b c'],
    kwargs: { k: '|' },
  })
  t.match(parseCommand('FIT MODEL|', names), { kind: 'call', name: 'FIT MODEL', args: [] })
  t.match(parseCommand('START|a|', names), { kind: 'call', args: ['a'] })
  t.match(parseCommand('START|a', names), { kind: 'invalid' })
})

t.test('a token is compared whole', async t => {
  t.equal(isAuthorized('AUTH|secret', 'secret'), true)
  t.equal(isAuthorized(' AUTH|secret\r', 'secret'), true)
  for (const piece of ['AUTH|secre', 'AUTH|secrett', 'AUTH|', 'AUTH', 'secret', 'UP'])
    t.equal(isAuthorized(piece, 'secret'), false)
  t.equal(isAuthorized('AUTH|undefined', undefined), false)
})

t.test('a callback is ASCII with two bars and does not end in 1, and JSON gives back what was put in', async t => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), payload => {
      const line = callbackLine('dp-stim', 'FIT MODEL', payload)
      const [target, pcomm, json = '', ...rest] = line.split('|')
      return (
        /^[ -~]+$/.test(line) &&
        !line.includes(';') &&
        !line.endsWith('1') &&
        rest.length === 0 &&
        target === 'dp-stim' &&
        pcomm === 'FIT MODEL' &&
        JSON.stringify(JSON.parse(json)) === JSON.stringify(JSON.parse(JSON.stringify(payload)))
      )
    }),
    { numRuns: 500 },
  )
  t.equal(callbackLine('a', 'B'), 'a|B|{}')
  for (const target of ['', '1a', 'a|b', 'é', ' a'])
    t.throws(() => callbackLine(target, 'B'), { name: 'TypeError' }, target)
  for (const pcomm of ['', 'A|B', 'A;', 'É']) t.throws(() => callbackLine('a', pcomm), { name: 'TypeError' }, pcomm)
  for (const payload of [[1], null])
    t.throws(() => callbackLine('a', 'B', payload as object), { name: 'TypeError', message: /payload/ })
})

t.test('the packets that froze the server are read in no time (test/readers.slow.ts tries many more)', async t => {
  const feed = (text: string): void => {
    const splitter = new CommandSplitter('tolerant', 1e6, piece => readinessOf(piece, names))
    const pieces = [...splitter.push('START|{"a":"'), ...splitter.quiet(), ...splitter.push(text), ...splitter.end()]
    for (const piece of pieces) parseCommand(piece, names)
  }
  const packets: [string, (text: string) => unknown, (length: number) => string][] = [
    ['blanks in a command', text => parseCommand(text, names), repeated('x', ' ', 'y')],
    ['blanks behind a built-in', builtInOf, repeated('STOP', ' ', 'x')],
    ['blanks in a token', text => isAuthorized(text, 'secret'), repeated('AUTH|', ' ', 'x')],
    ['strings in a payload with NaN', parsePayload, repeated('{"a":NaN,"', '\\"', '')],
    ['ends in an open payload, behind a silence', feed, repeated('START|', ';', '')],
    ['a list in an open payload, behind a silence', feed, repeated('START|{"a":[', '1,', '')],
  ]
  for (const [what, read, hostile] of packets) t.equal(slowness(read, hostile), undefined, what)
})
