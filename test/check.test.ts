import t from 'tap'
import {
  abortSignal,
  fields,
  flag,
  list,
  logger,
  milliseconds,
  nonEmpty,
  oneOf,
  options,
  orNull,
  port,
  required,
  seconds,
  shown,
  whole,
} from '../src/check.js'

interface Options {
  readonly name: string
  readonly bufferSizeS?: number
  readonly timeoutS?: number
  readonly sourceId?: string
  readonly processing?: { readonly clockSync?: boolean; readonly dejitter?: boolean }
}

const checked = options<Options>('Watcher', "new Watcher({ name: 'EEG' })", {
  name: required(nonEmpty),
  bufferSizeS: seconds({ above: 0 }),
  timeoutS: seconds({ from: 0, forever: true }),
  sourceId: nonEmpty,
  processing: fields<NonNullable<Options['processing']>>({ clockSync: flag, dejitter: flag }),
})

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return String(error)
  }
  return 'accepted'
}
const ofOptions = (given: unknown): string => refusal(() => checked(given as Options))

t.test('what is right passes, and is answered', async t => {
  const given = {
    name: 'EEG',
    bufferSizeS: 0.5,
    timeoutS: Infinity,
    processing: { dejitter: true },
  }
  t.equal(checked(given), given)
})

t.test('a wrong value is named with what it must be and what it is', async t => {
  for (const [given, message] of [
    [{ name: 'x', bufferSizeS: -1 }, 'RangeError: bufferSizeS must be seconds above 0, got -1'],
    [{ name: 'x', bufferSizeS: NaN }, 'RangeError: bufferSizeS must be seconds above 0, got NaN'],
    [{ name: 'x', bufferSizeS: Infinity }, 'RangeError: bufferSizeS must be seconds above 0, got Infinity'],
    [{ name: 'x', bufferSizeS: '2' }, 'TypeError: bufferSizeS must be seconds above 0, got "2"'],
    [{ name: 'x', timeoutS: -1 }, 'RangeError: timeoutS must be seconds of 0 or more, or Infinity, got -1'],
    [{ name: '' }, 'TypeError: name must be a non-empty string, got ""'],
    [{}, 'TypeError: name must be a non-empty string, got undefined'],
    [{ name: null }, 'TypeError: name must be a non-empty string, got null'],
    [{ name: 'x', processing: true }, 'TypeError: processing must be an object, got true'],
    [{ name: 'x', processing: { clockSync: 1 } }, 'TypeError: processing.clockSync must be true or false, got 1'],
  ] as const)
    t.equal(ofOptions(given), message)
})

t.test('an unknown option is refused with the one that was meant', async t => {
  for (const [name, meant] of [
    ['buffer_size_s', 'bufferSizeS'],
    ['BufferSizeS', 'bufferSizeS'],
    ['buffer_size', 'bufferSizeS'],
    ['bufferSizeMs', 'bufferSizeS'],
    ['buferSizeS', 'bufferSizeS'],
    ['timeout', 'timeoutS'],
    ['wait_time', 'timeoutS'],
    ['source_id', 'sourceId'],
    ['stream_name', 'name'],
    ['namee', 'name'],
  ] as const)
    t.equal(
      ofOptions({ name: 'x', [name]: 1 }),
      `TypeError: Watcher: unknown option '${name}', did you mean '${meant}'?`,
    )
  t.equal(
    ofOptions({ name: 'x', processing: { clock_sync: true } }),
    "TypeError: Watcher: unknown option 'processing.clock_sync', did you mean 'processing.clockSync'?",
  )
  t.equal(
    ofOptions({ name: 'x', colour: 'red' }),
    "TypeError: Watcher: unknown option 'colour', known are name, bufferSizeS, timeoutS, sourceId, processing",
  )
  t.match(ofOptions({ name: 'x', toString: 1 }), /unknown option 'toString'/, 'nor is what every object has')
  t.match(ofOptions({ name: 'x', source_id: undefined }), /unknown option 'source_id'/, 'though nothing is given')
})

t.test('what is no options object is refused with the right form', async t => {
  const form = "TypeError: Watcher takes its options as one object: new Watcher({ name: 'EEG' })"
  for (const [given, what] of [
    ['EEG', '"EEG"'],
    [8080, '8080'],
    [null, 'null'],
    [undefined, 'undefined'],
    [['EEG'], "[ 'EEG' ]"],
    [new Map(), 'Map(0) {}'],
  ] as const)
    t.equal(ofOptions(given), `${form}, got ${what}`)
  const optional = options<{ readonly port?: number }>('Server', 'new Server({ port: 8080 })', { port })
  t.same(optional(undefined), {}, 'but options of which none is needed may be left out')
})

t.test('every check says what it wants', async t => {
  for (const [check, value, message] of [
    [port, '8080', 'TypeError: it must be a whole number from 0 to 65535, got "8080"'],
    [port, 65536, 'RangeError: it must be a whole number from 0 to 65535, got 65536'],
    [whole({ from: 1 }), 1.5, 'RangeError: it must be a whole number of 1 or more, got 1.5'],
    [whole({ from: 1 }), 5n, 'TypeError: it must be a whole number of 1 or more, got 5n'],
    [milliseconds({ forever: true }), NaN, 'RangeError: it must be milliseconds of 0 or more, or Infinity, got NaN'],
    [oneOf('auto', 'builtin'), 'AUTO', "RangeError: it must be one of 'auto', 'builtin', got \"AUTO\""],
    [oneOf(true, false, 'terminal'), 'x', 'RangeError: it must be one of true, false, \'terminal\', got "x"'],
    [oneOf(true, false, 'terminal'), false, 'accepted'],
    [whole({ from: 1, forever: true }), Infinity, 'accepted'],
    [
      whole({ from: 1, forever: true }),
      -Infinity,
      'RangeError: it must be a whole number of 1 or more, or Infinity, got -Infinity',
    ],
    [oneOf('auto', 'builtin'), 1, "TypeError: it must be one of 'auto', 'builtin', got 1"],
    [list(nonEmpty), ['a', 1], 'TypeError: it[1] must be a non-empty string, got 1'],
    [list(nonEmpty), 'a', 'TypeError: it must be a list, got "a"'],
    [abortSignal, {}, 'TypeError: it must be an AbortSignal, got {}'],
    [logger, console.log, 'TypeError: it must be a logger, as getLogger() gives it, got [Function: log]'],
    [orNull(nonEmpty), 1, 'TypeError: it must be a non-empty string, got 1'],
    [orNull(nonEmpty), null, 'accepted'],
    [logger, console, 'accepted'],
    [abortSignal, AbortSignal.timeout(0), 'accepted'],
    [milliseconds({ forever: true }), Infinity, 'accepted'],
  ] as const)
    t.equal(
      refusal(() => check('it', value)),
      message,
    )
})

t.test('a value is shown in one short line', async t => {
  t.equal(shown('a\nb'), '"a\\nb"')
  t.equal(shown('x'.repeat(1000)).length, 83)
  t.notMatch(shown({ a: { b: 1 }, text: 'two\nlines' }), /\n/)
  t.equal(shown(Symbol('s')), 'Symbol(s)')
})
