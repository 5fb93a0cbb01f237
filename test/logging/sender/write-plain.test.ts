import { pino } from 'pino'
import t from 'tap'
import { logMethod } from '../../../src/logging/sender/log-arguments.js'
import { writePlain } from '../../../src/logging/sender/write-plain.js'
import { seededRandom } from '../../support/random.js'

/** A logger, and the lines that it has written. */
interface Captured {
  readonly log: pino.Logger
  readonly lines: string[]
}

/** A logger with a mixin has its lines made by pino, behind the same hook; this mixin adds nothing. */
function captured(isOurs: boolean, child: (log: pino.Logger) => pino.Logger = log => log): Captured {
  const lines: string[] = []
  const mixin = isOurs ? {} : { mixin: () => ({}) }
  const stream = { write: (line: string) => void lines.push(line) }
  return {
    log: child(pino({ level: 'trace', base: null, timestamp: false, hooks: { logMethod }, ...mixin }, stream)),
    lines,
  }
}

const CHILDREN: readonly ((log: pino.Logger) => pino.Logger)[] = [
  log => log,
  log => log.child({ stream: 'eeg "1"', count: 3 }),
  log => log.child({}, { serializers: { count: value => `<${String(value)}>` } }),
  log => log.child({}, { serializers: { msg: value => `<${String(value)}>` } }),
  log => log.child({}, { redact: ['stream', 'a.b'] }),
  log => log.child({}, { redact: ['*.b'] }),
  log => log.child({}, { msgPrefix: '[100 % "loud"] ' }),
  log => log.child({}, { formatters: { log: fields => ({ ...fields, more: true }) } }),
  log => log.child({}, { level: 'debug' }).child({ b: null }),
]

const PIECES = ['reader lapped', ' ', '"', '\\', '\n', '\x7f', 'é', '\u2028', '😀', '\ud83d', '%', '%%', '% d']
const PLACES = ['%d', '%f', '%i', '%s', '%s', '%d', '%j', '%o', '%O']
const KEYS = ['lost', 'stream', 'count', 'a', 'msg', 'level', 'err', 'socket', 'setHeader', 'a "b"', 'é']
const VALUES: readonly unknown[] = [
  ...[0, -0, 1, -1.5, 1e21, 1e-7, NaN, Infinity, 12345678901234, '', 'eeg', 'two words', 'x'.repeat(300), '100 %d "'],
  ...[true, false, null, undefined, 12n, [1], { b: 1 }, new Date(0), 'é😀', '\ud83d', '\x00', () => 1, Symbol('s')],
]

t.test('a line is, letter for letter, the one that pino would write', t => {
  const random = seededRandom(t)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const some = (most: number): undefined[] => Array.from({ length: Math.floor(random() * (most + 1)) })

  const pairs = CHILDREN.map(child => [captured(true, child), captured(false, child)])

  for (let round = 0; round < 20_000; round++) {
    const message: string[] = some(3).map(() => pick(PIECES))
    const args = some(3).map(() => {
      message.push(pick(PLACES), pick(PIECES))
      return pick(VALUES)
    })
    if (random() < 0.2) args.length = 0
    const fields = Object.fromEntries(some(3).map(() => [pick(KEYS), pick(VALUES)]))
    const call = random() < 0.5 ? [message.join(''), ...args] : [fields, message.join(''), ...args]
    const level = pick(['trace', 'info', 'error'] as const)
    const said = pick(pairs).map(({ log, lines }) => {
      const write: (...args: [string]) => void = log[level].bind(log)
      write(...(call as [string]))
      return lines.splice(0).join('')
    })
    if (said[0] !== said[1]) t.equal(said[0], said[1], { call })
  }
  t.end()
})

t.test('common calls need no pino, others are left to it', t => {
  const { log, lines } = captured(true)
  const isPlain = (...args: unknown[]): boolean => writePlain(log, args, 30)
  t.equal(isPlain('started'), true)
  t.equal(isPlain('reader lapped, %d frames lost in %s, 100 %%', 3, 'eeg'), true)
  t.equal(isPlain({ trial: 3, isLast: false, stream: 'eeg' }, 'stimulus shown'), true)
  t.equal(
    lines.join(''),
    [
      '{"level":30,"msg":"started"}\n',
      '{"level":30,"msg":"reader lapped, 3 frames lost in eeg, 100 %"}\n',
      '{"level":30,"trial":3,"isLast":false,"stream":"eeg","msg":"stimulus shown"}\n',
    ].join(''),
  )
  t.equal(isPlain('%d of', 1, 2), false)
  t.equal(isPlain('%j', {}), false)
  t.equal(isPlain(new Error('no'), 'luck'), false)
  t.equal(isPlain({ a: [1] }, 'text'), false)
  t.equal(isPlain({ a: 1 }), false)
  t.equal(isPlain(), false)
  t.equal(lines.length, 3)
  t.end()
})

t.test('messages that are made of parts are not kept for ever', t => {
  const { log, lines } = captured(true)
  for (let i = 0; i < 1000; i++) log.info(`${i} of %d`, 1000)
  t.equal(lines[999], '{"level":30,"msg":"999 of 1000"}\n')
  t.end()
})
