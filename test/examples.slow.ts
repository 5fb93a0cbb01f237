import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import type { Test } from 'tap'
import { childEnvironment } from './support/child.js'
import { Dareplane } from './support/dareplane.js'
import { uniqueName } from './support/loopback.js'
import { projectFolder, loopbackFolder } from './support/project.js'

const folder = join(projectFolder, 'examples')

function start(t: Test, example: string, ...args: string[]): ChildProcessWithoutNullStreams {
  const options = { cwd: loopbackFolder, env: childEnvironment() }
  const child = spawn(process.execPath, [join(folder, example), ...args], options)
  child.stderr.on('data', (text: Buffer) => t.comment(text.toString()))
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function line(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<string> {
  for await (const text of createInterface(child.stdout)) if (pattern.test(text)) return text
  throw new Error(`no line ${String(pattern)}`)
}

async function outlet(t: Test): Promise<string> {
  const name = uniqueName('example')
  const running = new Dareplane(['outlet', '--name', name])
  t.teardown(() => running[Symbol.asyncDispose]())
  await running.line(/^ready/)
  return name
}

t.test('the watcher example prints means until it is interrupted', async t => {
  const child = start(t, 'watch.js', await outlet(t))
  t.match(await line(child, /^sample/), /^sample \d+: mean -?\d+\.\d\d, missing 0$/)
  child.kill('SIGINT')
  t.same(await once(child, 'exit'), [0, null])
})

t.test('the server example starts a job, answers UP and ends at CLOSE', async t => {
  const child = start(t, 'serve.js', await outlet(t), '0')
  const port = Number((await line(child, /^listening/)).split(' ').at(-1))
  const client = connect(port, '127.0.0.1').setEncoding('utf8')
  let answers = ''
  client.on('data', (text: string) => {
    answers += text
    if (answers === 'Connected to power\n') client.write('START|{"channel": 2};UP;')
    else if (answers.endsWith('1')) client.write('STOP;CLOSE;')
  })
  t.same(await once(child, 'exit'), [0, null])
  t.match(answers, /^Connected to power\n1/)
})

t.test('the logging example writes what it logs to its file', async t => {
  const logfile = join(t.testdir(), 'experiment.log')
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  taken.close()
  await once(taken, 'close')
  const child = start(t, 'log.js', String(port), logfile)
  t.same(await once(child, 'exit'), [0, null])
  const text = readFileSync(logfile, 'utf8')
  t.match(text, /my-module.*INFO.*stimulus shown/)
  t.match(text, /my-module.*ERROR.*no data/)
})
