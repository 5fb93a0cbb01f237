import t from 'tap'
import { getLogger } from '../../src/logging/get-logger.js'

function captureStderr(work: () => void): string {
  const written: string[] = []
  const original = process.stderr.write.bind(process.stderr)
  process.stderr.write = (chunk: string | Uint8Array) => {
    written.push(String(chunk))
    return true
  }
  try {
    work()
  } finally {
    process.stderr.write = original
  }
  return written.join('')
}

const plain = (text: string): string => text.replaceAll(/\x1b\[[\d;]*m ?/g, '')

t.test('a logger with the console handler prints the line of the Python formatter, fields behind', t => {
  const printed = captureStderr(() => {
    const log = getLogger('mod.sub', { addConsoleHandler: true, noSocketHandler: true })
    log.child({ stream: 'eeg' }).warn({ lost: 3 }, 'reader %s', 'lapped')
    log.debug('below the level')
  })
  t.match(
    plain(printed),
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - mod\.sub - WARNING - reader lapped stream=eeg lost=3\n$/,
  )
  t.end()
})

t.test('an error prints its stack on the lines after its message', t => {
  const printed = captureStderr(() => {
    getLogger('mod', { addConsoleHandler: true, noSocketHandler: true }).error(new RangeError('too far'), 'no luck')
  })
  t.match(plain(printed), / - mod - ERROR - no luck\nRangeError: too far\n {4}at /)
  t.end()
})

/** A logger as JavaScript calls it: pino's types refuse what its calls take. */
type Loose = Record<'info' | 'error', (...args: unknown[]) => void>

/** What the console shows of one call, without its time, name and level. */
function shownOf(call: (log: Loose) => void): string {
  const log: unknown = getLogger('mod', { addConsoleHandler: true, noSocketHandler: true })
  const printed = captureStderr(() => call(log as Loose))
  return plain(printed)
    .replace(/^.*? - mod - [A-Z]+ - /, '')
    .trimEnd()
}

t.test('fields stand behind the message, one that has blanks in quotes', t => {
  t.equal(
    shownOf(log => log.info({ trial: 3 }, 'stimulus shown')),
    'stimulus shown trial=3',
  )
  t.equal(
    shownOf(log => log.info({ a: 'two words', b: '', c: { d: [1] }, e: null, f: true, level: 7 }, 'text')),
    'text a="two words" b="" c={"d":[1]} e=null f=true level=7',
  )
  t.equal(
    shownOf(log => log.info({ trial: 3 })),
    'trial=3',
  )
  t.match(
    shownOf(log => log.info({ long: 'x'.repeat(5000) }, 'text')),
    /^text long=x{1024}\.\.\.$/,
  )
  t.end()
})

t.test(
  'an error is kept wherever it stands: as Python and the console have it, under any key, as an argument too many',
  t => {
    const stack = /^bad\nRangeError: too far\n {4}at /
    const error = new RangeError('too far')
    t.match(
      shownOf(log => log.error('bad', error)),
      stack,
    )
    t.match(
      shownOf(log => log.error({ err: error }, 'bad')),
      stack,
    )
    t.match(
      shownOf(log => log.error({ failure: error }, 'bad')),
      stack,
    )
    t.match(
      shownOf(log => log.error({ trial: 3 }, 'bad %d', 5, error)),
      /^bad 5 trial=3\nRangeError: too far\n/,
    )
    t.match(
      shownOf(log => log.error(error, 'bad', new TypeError('second'))),
      /^bad TypeError: second\n[^]*\nRangeError: too far\n/,
    )
    t.match(
      shownOf(log => log.error(error)),
      /^too far\nRangeError: too far\n/,
    )
    t.end()
  },
)

t.test('arguments that no place in the message takes are kept', t => {
  t.equal(
    shownOf(log => log.info('stimulus shown', { trial: 3 })),
    'stimulus shown trial=3',
  )
  t.equal(
    shownOf(log => log.info('value', 3, 'of 100%', [1, 2], null, 4n)),
    'value 3 of 100% [ 1, 2 ] null 4',
  )
  t.equal(
    shownOf(log => log.info('%d of %s, 100%%', 1, 2)),
    '1 of 2, 100%',
  )
  t.equal(
    shownOf(log => log.info('plain')),
    'plain',
  )
  t.end()
})

t.test('nothing that is logged reaches the terminal as a control sequence', t => {
  const shown = shownOf(log => log.info({ host: 'a\x1b[2J' }, 'text\x1b]0;title\x07 \x9b2J\u202e'))
  t.notMatch(shown, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
  t.match(shown, '\\x1b]0;title\\x07')
  t.end()
})

t.test('a logger without the console handler prints nothing', t => {
  const printed = captureStderr(() => {
    getLogger('mod', { noSocketHandler: true }).fatal('unseen')
  })
  t.equal(printed, '')
  t.end()
})

t.test('levels are taken by the names of pino and of Python, and by the numbers of Python', t => {
  const level = (given: string | number): string => getLogger('x', { noSocketHandler: true, level: given }).level
  t.equal(getLogger('x', { noSocketHandler: true }).level, 'info')
  t.equal(level('WARNING'), 'warn')
  t.equal(level('Critical'), 'fatal')
  t.equal(level('trace'), 'trace')
  t.equal(level(10), 'debug')
  t.equal(level('silent'), 'silent')
  t.end()
})

t.test('impossible options are refused by name and value', t => {
  t.throws(() => getLogger(''), new TypeError('name must be a non-empty string, got ""'))
  t.throws(() => getLogger('x', { level: 'loud' }), /level must be one of .*, got "loud"/)
  t.throws(
    () => getLogger('x', { port: 70000 }),
    new RangeError('port must be a whole number from 1 to 65535, got 70000'),
  )
  t.end()
})

t.test('a value that throws when it is read throws at nobody who logs it', t => {
  const bomb = {
    get a(): never {
      throw new Error('a getter')
    },
  }
  const printed = plain(
    captureStderr(() => {
      const log = getLogger('mod', { addConsoleHandler: true, noSocketHandler: true })
      log.info(bomb, 'one 100%')
      log.info('two', bomb as never)
      log.info(new Proxy({}, { ownKeys: () => bomb.a }), 'three')
      log.info('four %s', { toString: () => bomb.a, toJSON: () => bomb.a })
      log.error(Object.defineProperty(new Error('x'), 'stack', { get: () => bomb.a }), 'five')
    }),
  )
  for (const text of ['one 100%', 'two', 'three', 'four %s', 'five'])
    t.match(printed, `- ${text} unreadable="a getter"\n`)
  t.end()
})

t.test('nor does one that throws what cannot be read either', t => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const unreadable = Object.defineProperty(new Error('x'), 'message', {
    get: () => {
      throw proxy as Error
    },
  })
  for (const thrown of [proxy, unreadable]) {
    const bomb = {
      get a(): never {
        throw thrown as Error
      },
    }
    const printed = plain(
      captureStderr(() => {
        const log = getLogger('mod', { addConsoleHandler: true, noSocketHandler: true })
        log.info(bomb, 'one')
        log.error(bomb, 'two')
        log.child(bomb).info('three')
      }),
    )
    for (const text of ['one', 'two', 'three']) t.match(printed, `- ${text} unreadable="what cannot be read either"\n`)
  }
  t.end()
})

t.test('a value that throws when it is read throws at nobody who binds it to a child', t => {
  const bomb = (): never => {
    throw new Error('a getter')
  }
  const fields = Object.defineProperty({ trial: 3 }, 'a', { get: bomb, enumerable: true })
  const printed = plain(
    captureStderr(() => {
      const log = getLogger('mod', { addConsoleHandler: true, noSocketHandler: true })
      log.child(fields).info('one')
      log.child({}).child(fields, { level: 'debug' }).debug('two')
      log.child(new Proxy({}, { ownKeys: bomb })).info('three')
      log.child({ trial: 3, err: Object.defineProperty(new Error('x'), 'stack', { get: bomb }) }).info('four')
      log.child({ trial: 3, q: 1 }, { serializers: { q: bomb } }).info('five')
      const later = log.child({ run: 1 })
      later.setBindings(fields)
      later.info('six')
      log.child(Object.assign(Object.create(null) as object, { trial: 3 })).info('seven')
    }),
  )
  for (const text of ['one trial=3', 'two trial=3', 'three', 'four trial=3', 'five trial=3', 'six run=1 trial=3'])
    t.match(printed, `- ${text} unreadable="a getter"\n`)
  t.match(printed, '- seven trial=3\n')
  const log = getLogger('mod', { noSocketHandler: true })
  t.throws(() => log.child({}, { level: 'loud' }), { message: /loud/ })
  t.throws(() => log.child(undefined as never), { message: /missing bindings/ })
  t.end()
})

t.test('of an error of many the others are printed too', t => {
  const printed = captureStderr(() => {
    const error = new AggregateError([new RangeError('first'), new TypeError('second')], 'none of them')
    getLogger('mod', { addConsoleHandler: true, noSocketHandler: true }).error(error, 'no luck')
  })
  t.match(
    plain(printed),
    / no luck\nAggregateError: none of them\n[^]*\namong them: RangeError: first\n[^]*\namong them: TypeError: second/,
  )
  t.end()
})
