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
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - mod\.sub - WARNING - reader lapped \{"stream":"eeg","lost":3\}\n$/,
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
  t.throws(() => getLogger('x', { port: 70000 }), new RangeError('port must be an integer from 1 to 65535, got 70000'))
  t.end()
})
