import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { LogRecordSocketReceiver } from '../../src/logging/receiver/log-record-socket-receiver.js'
import { outcome, start } from '../support/logging/processes.js'
import { testFolder } from '../support/project.js'
import { runPython, withoutPython } from '../support/interop/python.js'

/** Python's log server, its port, and the files it writes. */
async function pythonReceiver(
  t: Test,
): Promise<{ child: ChildProcess; port: number; file: string; attributes: string }> {
  const folder = t.testdir()
  const [file, attributes] = [join(folder, 'python.log'), join(folder, 'attributes.json')]
  const script = join(testFolder, 'interop', 'log_receiver.py')
  const child = spawn(process.env['INTEROP_PYTHON'] ?? '', [script, file, attributes], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, port: Number(String(chunk).split('\n')[0]), file, attributes }
}

/** Lines without their time, which is checked apart. */
const untimed = (text: string): string[] => text.split('\n').map(line => line.replace(TIME, ''))
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - /

t.test("what Python logs, our receiver writes as Python's own file handler does", { skip: withoutPython }, async t => {
  const folder = t.testdir()
  const file = join(folder, 'ours.log')
  const reference = join(folder, 'python.log')
  const receiver = new LogRecordSocketReceiver({ port: 0, logfile: file })
  const listening = once(receiver, 'listening')
  const served = receiver.serveUntilStopped()
  await listening
  const extras: unknown[] = []
  receiver.on('record', record => {
    if (record.message === 'extra') extras.push(record['foo'], record['bar'])
  })
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.comment(`seed ${seed}`)
  await runPython('log_client.py', String(receiver.port), reference, String(seed))
  await receiver.close()
  await served
  const [ours, pythons] = [file, reference].map(name => readFileSync(name, 'utf8').split('\n'))
  t.equal(ours!.length, pythons!.length)
  const differing = pythons!.flatMap((line, index) =>
    line === ours![index] ? [] : [{ python: line.slice(24, 300), ours: ours![index]?.slice(24, 300) }],
  )
  t.same(differing.slice(0, 10), [], `${differing.length} of ${pythons!.length} lines differ`)
  t.same(extras, [1, { x: [1, 2] }])
})

t.test("what we log, Python's receiver and ours write alike", { skip: withoutPython }, async t => {
  const python = await pythonReceiver(t)
  const file = join(t.testdirName, 'ours.log')
  const receiver = new LogRecordSocketReceiver({ port: 0, logfile: file })
  const listening = once(receiver, 'listening')
  const served = receiver.serveUntilStopped()
  await listening
  for (const port of [python.port, receiver.port]) {
    t.same(await outcome(start(t, 'logging/cases', [String(port)])), { output: '', code: 0, signal: null })
  }
  await receiver.close()
  await served
  const text = readFileSync(python.file, 'utf8')
  t.same(untimed(text), untimed(readFileSync(file, 'utf8')), 'line by line')
  t.equal(text.split('\n').filter(line => TIME.test(line)).length, 31, 'each record once')
  const fixture = new URL('../fixtures/logging/cases.js', import.meta.url).href
  const { CASES } = (await import(fixture)) as { CASES: readonly string[] }
  for (const each of CASES) {
    // What a file can hold: a lone surrogate is none of it.
    const line = ` - cases - INFO - ${Buffer.from(each).toString()}\n`
    t.ok(text.includes(line), JSON.stringify(each.slice(0, 40)))
  }

  const attributes = readFileSync(python.attributes, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  for (const record of attributes) {
    t.match(record, {
      args: [],
      exc_info: null,
      created: Number,
      msecs: Number,
      process: Number,
      thread: 0,
      processName: 'MainProcess',
    })
    const { created, msecs } = record as { created: number; msecs: number }
    t.equal(Math.floor((created % 1) * 1000), msecs)
    t.ok(Math.abs(created - Date.now() / 1000) < 60)
  }
  t.same(
    attributes.slice(0, 6).map(({ levelno, levelname }) => [levelno, levelname]),
    [[5, 'TRACE'], [10, 'DEBUG'], [20, 'INFO'], [30, 'WARNING'], [40, 'ERROR'], [50, 'CRITICAL']], // prettier-ignore
  )
  const byMessage = (msg: string): Record<string, unknown> | undefined =>
    attributes.find(record => record['msg'] === msg)
  t.match(byMessage('with fields stream=eeg lost=3 name=mine'), {
    stream: 'eeg',
    lost: 3,
    name: 'cases',
    name_: 'mine',
  })
  t.match(byMessage('no luck'), { exc_text: /^RangeError: too far\n {4}at /, levelno: 40 })
  t.match(byMessage('from here'), {
    filename: 'cases.js',
    module: 'cases',
    funcName: 'here',
    lineno: Number,
  })

  const levels = JSON.parse(await runPython('control_room_lines.py', file)) as string[]
  const lines = readFileSync(file, 'utf8').split('\n').slice(-26, -1)
  t.equal(levels.length, 25)
  t.same(
    levels,
    lines.map(line => /DEBUG|INFO|WARNING|ERROR/.exec(line)?.[0] ?? 'DEBUG'),
  )
  t.equal(levels.at(-1), 'INFO', 'the last record')
})

t.test(
  "two thousand records at once reach Python's receiver, in order, none twice",
  { skip: withoutPython },
  async t => {
    const { child, port, file, attributes } = await pythonReceiver(t)
    const sender = start(t, 'logging/sender', [String(port), 'burst', '2000', '2000', '0'])
    t.equal((await outcome(sender)).code, 0)
    // Where the network cuts a length in two, Python hangs up and loses the rest: its doing (docs/logging.md), and noted there.
    const hungUp = (): boolean => existsSync(attributes) && readFileSync(attributes, 'utf8').includes('"short_read"')
    const count = (): number => readFileSync(file, 'utf8').split('\n').length - 1
    // The sender may end first: what the kernel has been given, Python still reads.
    for (let waited = 0; count() < 2000 && !hungUp() && waited < 300; waited++) await after(100)
    child.kill()
    const numbers = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => Number(/number (\d+)$/.exec(line)?.[1]))
    // What is sent again after that may come twice.
    if (hungUp()) {
      t.comment(`Python hung up after ${numbers.length} records`)
      return
    }
    t.same(
      numbers,
      Array.from({ length: 2000 }, (_, number) => number),
    )
  },
)
