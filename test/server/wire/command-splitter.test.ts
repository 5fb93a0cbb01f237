import t from 'tap'
import fc from 'fast-check'
import { CommandSplitter, type Framing } from '../../../src/server/wire/command-splitter.js'
import { readinessOf } from '../../../src/server/wire/command.js'

const NAMES = new Set(['START', 'STARTTHREAD', 'FIT MODEL', 'UPDATE'])

function splitter(framing: Framing = 'tolerant', maxBytes = 200): CommandSplitter {
  return new CommandSplitter(framing, maxBytes, piece => readinessOf(piece, NAMES))
}

/** What comes out of the bytes, cut at `cuts`, and then silence. Blank pieces say nothing. */
function pieces(bytes: string, cuts: readonly number[], framing?: Framing, maxBytes?: number): string[] {
  const parser = splitter(framing, maxBytes)
  const result: string[] = []
  let from = 0
  for (const at of [...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    result.push(...parser.push(bytes.slice(from, at)))
    from = at
  }
  result.push(...parser.quiet())
  return [...result, parser.overflowed ? 'overflowed' : `tail:${parser.tail}`].filter(piece => piece.trim() !== '')
}

const words = [
  ...['START', 'STARTTHREAD', 'FIT MODEL', 'UPDATE', 'STOP', 'CLOSE', 'UP', 'GET_PCOMMS', 'NOPE', 'STOP|', 'UP|{}'],
  ...[
    'START|{"a":1}',
    'START|{"a":"x;y|z"}',
    'START|w|{"b":[1,{"c":"}"}]}',
    'START|{\r\n "a": "\\"; {"\n}',
    'START|{"a":";STOP;"}',
  ],
  // Quotes and braces where they do not open what they seem to.
  ...['A"|{"a;b"}', 'A{"|{"x;y"}', 'START| {"a":"x;y"}', 'START|{"a":"\\\\;"}', 'START|{"a":"\\";"}', '|{"a\\;b"}'],
  ...[
    'START|{"a":"x',
    'START|{bad}',
    'START|{"a":1',
    '|{',
    '{',
    '}',
    '"',
    '"}',
    '\\',
    'a',
    '1',
    '\xc2',
    '\xff',
    '\xc3\xa9',
  ],
  ...['[', ']', ',', ':', 'NaN', 'x'.repeat(90)],
]
const ends = [';', ';', ';', '\n', '\r\n', ';\r\n', '', '', ' ']
const stream = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(...ends)), { maxLength: 12 })
  .map(parts => parts.flat().join(''))

for (const framing of ['tolerant', 'strict'] as const) {
  t.test(`${framing}: however a stream is cut, the same pieces come out`, async t => {
    const seen = { pieces: 0, joined: 0, overflowed: 0 }
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 30 }), (bytes, cuts) => {
        const whole = pieces(bytes, [], framing, 100)
        const cut = pieces(bytes, cuts, framing, 100)
        const single = pieces(
          bytes,
          Array.from(bytes, (_, i) => i),
          framing,
          100,
        )
        seen.pieces += whole.length
        if (whole.some(piece => piece.includes('x;y|z'))) seen.joined++
        if (whole.includes('overflowed')) seen.overflowed++
        const same = JSON.stringify(whole)
        return same === JSON.stringify(cut) && same === JSON.stringify(single)
      }),
      { numRuns: 10_000 },
    )
    t.ok(seen.pieces > 10_000 && seen.overflowed > 10, JSON.stringify(seen))
    if (framing === 'tolerant') t.ok(seen.joined > 100, JSON.stringify(seen))
  })
}

t.test('no byte is lost: pieces and ends make up the stream again', async t => {
  fc.assert(
    fc.property(stream, bytes => {
      const parser = splitter('tolerant', 1e6)
      const out = parser.push(bytes)
      const again = [...out, parser.tail].join(';')
      return again.replaceAll('\n', ';') === bytes.replaceAll('\n', ';')
    }),
    { numRuns: 5000 },
  )
  t.pass('5000 streams')
})

t.test('whatever garbage came before, STOP between two semicolons comes out', async t => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat(), { maxLength: 5 }), (bytes, cuts) => {
      const out = pieces(`${bytes};STOP;`, cuts, 'tolerant', 1e6)
      return out.includes('STOP')
    }),
    { numRuns: 10_000 },
  )
  t.pass('10000 streams')
})

t.test('a semicolon inside a JSON string ends nothing, one behind a broken payload does', async t => {
  t.same(pieces('START|{"a":"x;y"};UP;', []), ['START|{"a":"x;y"}', 'UP', 'tail:'])
  t.same(pieces('START|{"a":"x;UPDATE|{"b":1};UP;', []), ['START|{"a":"x', 'UPDATE|{"b":1}', 'UP', 'tail:'])
  t.same(pieces('START|{"a":1;STOP;', []), ['START|{"a":1', 'STOP', 'tail:'])
  t.same(pieces('START|{"a":1\r\nSTOP\r\n', []), ['START|{"a":1\r', 'STOP\r', 'tail:'])
  t.same(pieces('START|{"a":"x\r\nSTOP\r\n', []), ['START|{"a":"x\r', 'STOP\r', 'tail:'])
})

t.test('an open string does not swallow a built-in', async t => {
  t.same(pieces('START|{"a":"x;STOP;', []), ['START|{"a":"x', 'STOP', 'tail:'])
  t.same(pieces('START|{"a":"x;STOP', []), ['START|{"a":"x', 'STOP', 'tail:'])
  t.same(pieces('START|{"a":"x;', []), ['tail:START|{"a":"x;'])
})

t.test('line ends end commands, but not inside a payload', async t => {
  t.same(pieces('START\r\nUP\nSTART|{\r\n"a":1\r\n}\r\n', []), ['START\r', 'UP', 'START|{\r\n"a":1\r\n}\r', 'tail:'])
  t.same(pieces('START\r\nUP;', [], 'strict'), ['START\r\nUP', 'tail:'])
})

t.test('after a silence a complete command is run, an incomplete one waits', async t => {
  const parser = splitter()
  t.same(parser.push('START'), [])
  t.same(parser.quiet(), ['START'])
  t.same(parser.push('STA'), [])
  t.same(parser.quiet(), [])
  t.same(parser.push('RT'), [])
  t.same(parser.quiet(), ['START'])
  t.same(parser.push('START|{"a":'), [])
  t.same(parser.quiet(), [])
  t.same(parser.push('1}'), [])
  t.same(parser.quiet(), ['START|{"a":1}'])
  t.same(splitter('strict').quiet(), [])
})

t.test("Python's own tests pass: STARTTHREAD in three parts, STARTTHREAD;START and later THREAD;", async t => {
  const parser = splitter()
  NAMES.delete('START')
  t.teardown(() => NAMES.add('START'))
  for (const part of ['START', 'THR']) t.same([...parser.push(part), ...parser.quiet()], [])
  t.same(parser.push('EAD;'), ['STARTTHREAD'])
  t.same([...parser.push('STARTTHREAD;START'), ...parser.quiet()], ['STARTTHREAD'])
  t.same(parser.push('THREAD;'), ['STARTTHREAD'])
})

t.test('bytes that are a command on their own end a stale one', async t => {
  for (const stale of ['NOPE', 'START|{"a":', 'START|{"a":"x', 'NOPE|{']) {
    for (const next of ['UP', 'UP;', 'STOP\r\n', 'START|{"b":2}', 'START|{"b":2};']) {
      const parser = splitter()
      t.same([...parser.push(stale), ...parser.quiet()], [])
      const out = [...parser.push(next), ...parser.quiet()]
      t.same(
        out.map(piece => piece.replace(/[\r\n;]/g, '')),
        [stale, next.replace(/[\r\n;]/g, '')],
        `${stale} ${next}`,
      )
    }
  }
})

t.test('the longest command passes, one byte more ends the stream', async t => {
  for (const framing of ['tolerant', 'strict'] as const) {
    for (const bytes of [`${'x'.repeat(200)};UP;`, `START|{"a":"${'x'.repeat(186)}"};UP;`]) {
      t.same(pieces(bytes, [], framing), [bytes.slice(0, 200), 'UP', 'tail:'])
      t.same(pieces(`UP;x${bytes}`, [], framing), ['UP', 'overflowed'])
      t.same(pieces(`UP;x${bytes}`, [50, 100, 150], framing), ['UP', 'overflowed'])
    }
  }
})

t.test('cutting takes time in proportion to the bytes, whatever they are', async t => {
  const hostile = ['A|{"', ';A|{"', '\n', '|{"a":"; ', '"', '|{', ';', '\\"', '[']
  const bytes = (n: number): string =>
    Array.from({ length: n }, (_, i) => hostile[(i * 7 + (i >> 3)) % hostile.length]).join('')
  // The least of a few, which other work on the machine has not slowed.
  const time = (text: string): number =>
    Math.min(
      ...Array.from({ length: 5 }, () => {
        const started = performance.now()
        splitter('tolerant', 1e9).push(text)
        return performance.now() - started
      }),
    )
  const [few, many] = [bytes(20_000), bytes(400_000)].map(time) as [number, number]
  t.ok(many < 100 * few, `20 times the bytes take ${(many / few).toFixed(0)} times as long; 400 would be quadratic`)
})
