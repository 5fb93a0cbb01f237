import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { CutLines } from '../../src/commands/logs/cut-lines.js'
import { followFile } from '../../src/commands/logs/follow-file.js'
import { getLogger } from '../../src/logging/get-logger.js'
import { LogFile } from '../../src/logging/receiver/log-file.js'
import { LogLineFilter } from '../../src/commands/logs/log-line-filter.js'
import { outcome, start } from '../support/logging/processes.js'

/** A command whose output can be waited for. */
function run(
  t: Test,
  args: readonly string[],
): { child: ChildProcess; until: (text: string) => Promise<void>; shown: () => string } {
  const child = start(t, 'logging/command', args)
  let shown = ''
  let check = (): void => undefined
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', chunk => {
      shown += String(chunk)
      check()
    })
  }
  const until = (text: string): Promise<void> =>
    new Promise(resolve => {
      check = () => {
        if (shown.includes(text)) resolve()
      }
      check()
    })
  return { child, until, shown: () => shown }
}

async function stop(child: ChildProcess): Promise<number | null> {
  const exited = once(child, 'exit')
  child.kill('SIGINT')
  const [code] = (await exited) as [number | null]
  return code
}

const LINE = '2026-11-22 05:33:01,898 - mod - INFO - text'

t.test('lines are chosen by level and name, those of one record together', t => {
  const filter = new LogLineFilter({ level: 'warn', names: ['mod'], colours: false })
  const lines = [
    'of a record before',
    LINE,
    LINE.replace('INFO', 'ERROR'),
    'Traceback',
    LINE.replace('mod - INFO', 'mod.sub - CRITICAL'),
    LINE.replace('mod - INFO', 'model - CRITICAL'),
    'Traceback of model',
    LINE.replace('INFO', 'Level 35'),
  ]
  t.same(
    lines.map(line => filter.push(line)),
    [undefined, undefined, lines[2], lines[3], lines[4], undefined, undefined, lines[7]],
  )
  const coloured = new LogLineFilter({ level: undefined, names: [], colours: true })
  t.equal(coloured.push(LINE), '\x1b[32m2026-11-22 05:33:01,898 - mod - INFO - \x1b[0m\x1b[37mtext\x1b[0m')
  t.end()
})

t.test('the log server shows and writes what a module logs, and logs follows it', async t => {
  const file = join(t.testdir(), 'all.log')
  const server = run(t, ['logserver', '--port', '0', '--logfile', file])
  await server.until('up and listening')
  const port = /:(\d+), logging to/.exec(server.shown())?.[1] ?? ''
  const follower = run(t, ['logs', '--port', port, '--name', 'c0'])
  const other = run(t, ['logs', '--port', port, '--level', 'ERROR'])
  const second = run(t, ['logs', '--port', port])
  // A follower has no sign of its own: the records are repeated until each has one.
  const log = getLogger('c1', { port: Number(port) })
  while (![follower, second].every(({ shown }) => shown().includes('number 2')) || !other.shown().includes('trouble')) {
    log.error('trouble')
    t.equal((await outcome(start(t, 'logging/sender', [port, 'c0', '3', '3', '0']))).code, 0)
  }
  t.match(follower.shown(), / - c0 - INFO - number 2\n/)
  t.match(other.shown(), /^([^\n]+ - c1 - ERROR - trouble\n)+$/)
  await server.until('number 2')
  t.match(server.shown(), /\n[\d\-: ,]+ - c0 - INFO - number 0\n/, 'no colours in a pipe')
  t.equal(await stop(other.child), 0)
  const closed = once(follower.child, 'exit')
  t.equal(await stop(server.child), 0)
  t.same(await closed, [1, null])
  t.match(follower.shown(), /dareplane: The log server on 127\.0\.0\.1:\d+ has closed\n$/)
  t.match(readFileSync(file, 'utf8'), / - c0 - INFO - number 2\n/)
})

t.test('a file is followed from its last lines on, also after it was put aside', async t => {
  const file = join(t.testdir(), 'all.log')
  writeFileSync(file, Array.from({ length: 10 }, (_, index) => `${LINE} ${index}\n`).join(''))
  const ended = await outcome(start(t, 'logging/command', ['logs', file, '--lines', '2', '--no-follow']))
  t.same(ended, { output: `${LINE} 8\n${LINE} 9\n`, code: 0, signal: null })
  const { child, until, shown } = run(t, ['logs', file, '--lines', '1', '--level', 'INFO'])
  await until('text 9')
  appendFileSync(file, `${LINE} ten\n${LINE.replace('INFO', 'DEBUG')} eleven\n`)
  await until('ten')
  renameSync(file, `${file}.1`)
  writeFileSync(file, `${LINE} twelve\n`)
  await until('twelve')
  t.equal(await stop(child), 0)
  t.equal(shown(), `${LINE} 9\n${LINE} ten\n${LINE} twelve\n`)
})

t.test('a file that is put aside again and again while it is followed loses no line', async t => {
  const file = join(t.testdir(), 'all.log')
  const log = new LogFile(file, {
    rotation: { size: '10K', files: 9 },
    onDrain: () => undefined,
    tell: () => undefined,
  })
  await log.open()
  const shown: string[] = []
  const end = new AbortController()
  const written = (async () => {
    for (let number = 0; number < 2000; number++) {
      await new Promise<void>(kept => log.append([{ text: `${LINE} ${number}\n` }], kept))
      // As fast as a reader follows: what has fallen off the ninth file nobody can read.
      while (shown.length < number - 400) await new Promise(resolve => setImmediate(resolve))
    }
  })()
  const options = { lines: 1e6, follow: true, signal: end.signal }
  const followed = followFile(file, options, line => {
    if (shown.push(line) === 2000) end.abort()
  })
  await Promise.all([written, followed])
  await log.close()
  t.same(
    shown,
    Array.from({ length: 2000 }, (_, number) => `${LINE} ${number}`),
  )
})

t.test('lines that end as Python ends them on Windows are records, the end in one piece or in two', t => {
  const cut = new CutLines()
  const filter = new LogLineFilter({ level: 'info', names: ['mod'], colours: false })
  const shown: (string | undefined)[] = []
  const take = (line: string): void => void shown.push(filter.push(line))
  for (const piece of [`${LINE}\r\n${LINE} two\r`, `\n${LINE} \u2028 three\r\n`]) cut.push(Buffer.from(piece), take)
  t.same(shown, [LINE, `${LINE} two`, `${LINE} \\u2028 three`])
  t.end()
})

t.test('no line of a file reaches the terminal as a control sequence', t => {
  const filter = new LogLineFilter({ level: undefined, names: [], colours: false })
  t.equal(filter.push(`${LINE} \x1b[2J\x9b1m`), `${LINE} \\x1b[2J\\x9b1m`)
  t.equal(filter.push('\x1b]0;title\x07'), '\\x1b]0;title\\x07')
  t.end()
})

t.test('a mistake is one clear line and a failure', async t => {
  const taken = run(t, ['logserver', '--port', '0', '--logfile', join(t.testdir(), 'all.log'), '--quiet'])
  await taken.until('up and listening')
  const port = /:(\d+), logging to/.exec(taken.shown())?.[1] ?? ''
  const cases: readonly (readonly [args: string[], message: RegExp])[] = [
    [['logserver', '--port', '0', '--logfile', '/dev/null/x'], /The log file \/dev\/null\/x cannot be opened/],
    [
      ['logserver', '--port', port, '--logfile', join(t.testdirName, 'b.log')],
      new RegExp(`port ${port} of 127.0.0.1 is in use`),
    ],
    [['logserver', '--level', 'loud'], /--level.*'loud' is invalid/],
    [['logserver', '--rotate', '10'], /--rotate.*'10' is invalid/],
    [['logs', 'absent.log'], /The log file absent\.log cannot be read \(ENOENT\)/],
    [['logs', '--port', '1'], /No log server answers on 127\.0\.0\.1:1 \(ECONNREFUSED\)/],
  ]
  for (const [args, message] of cases) {
    const { output, code } = await outcome(start(t, 'logging/command', args))
    t.equal(code, 1, args.join(' '))
    t.match(output, message)
    t.equal(output.trimEnd().split('\n').length, 1)
  }
})
