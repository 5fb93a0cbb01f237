import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { runNode } from '../../support/child.js'
import { freePort } from '../../support/free-port.js'
import { outcome, start, startReceiver, stopReceiver } from '../../support/logging/processes.js'
import { projectFolder } from '../../support/project.js'

/** What a logger's lines in the file say, in their order. */
async function lastWords(t: Test, mode: string, name: string): Promise<string[]> {
  const file = join(t.testdir(), 'all.log')
  const { child, port } = await startReceiver(t, 0, file)
  const { code, output } = await outcome(start(t, 'logging/last-words', [String(port), mode]))
  t.same({ code, output }, { code: 0, output: '' })
  await stopReceiver(child)
  const lines = readFileSync(file, 'utf8').matchAll(new RegExp(` - ${name} - (?:INFO|ERROR) - (.*)$`, 'gm'))
  return Array.from(lines, ([, text = '']) => text)
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, number) => String(number))

for (const mode of ['worker', 'terminated']) {
  t.test(`the lines of a thread that ends just before the process arrive (${mode})`, async t => {
    t.same(await lastWords(t, mode, 'thread'), numbers(51))
  })
}

t.test('the lines of handlers of exit arrive, those of the process and those of a thread', async t => {
  t.same(await lastWords(t, 'exit-handlers', 'main'), ['first', ...numbers(10)])
  t.same(await lastWords(t, 'exit-handlers', 'thread'), ['first', ...numbers(10)])
})

t.test("the lines of a job's own logger arrive when CLOSE ends the process", async t => {
  t.same(await lastWords(t, 'job', 'job'), numbers(22))
})

t.test('an error that finds no log server is told on stderr, once', async t => {
  const port = await freePort()
  const { code, output } = await outcome(start(t, 'logging/last-words', [String(port), 'worker']))
  t.equal(code, 0)
  t.equal(output, `dareplane: no log server at 127.0.0.1:${port} (ECONNREFUSED): thread: 50\n`)
})

t.test('the crash file follows no link, and says where it is', async t => {
  const folder = t.testdir()
  const elsewhere = join(t.testdirName, 'elsewhere')
  writeFileSync(elsewhere, 'mine')
  symlinkSync(elsewhere, join(folder, 'crash.log'))
  const env = { TMPDIR: folder }
  const child = start(t, 'logging/crash', [String(await freePort()), 'exit'], { cwd: folder, env })
  const { output, code } = await outcome(child)
  t.equal(code, 3)
  t.equal(readFileSync(elsewhere, 'utf8'), 'mine')
  t.match(output, /^dareplane: errors that reached no log server could not be written to .*crash\.log either$/m)

  const other = t.testdir({ plain: {} })
  const second = await outcome(
    start(t, 'logging/crash', [String(await freePort()), 'exit'], { cwd: join(other, 'plain') }),
  )
  t.match(
    second.output,
    `dareplane: errors that may have reached no log server are in ${join(other, 'plain', 'crash.log')}\n`,
  )
  t.ok(existsSync(join(other, 'plain', 'crash.log')))
})

t.test(
  'where the thread that sends cannot start, as in a bundle, all records are printed and one line says why',
  async t => {
    const folder = t.testdir()
    cpSync(join(projectFolder, 'dist'), join(folder, 'dist'), { recursive: true })
    rmSync(join(folder, 'dist', 'logging', 'sender', 'transport.worker.js'))
    writeFileSync(
      join(folder, 'bundled.js'),
      `import { getLogger } from './dist/logging/get-logger.js'
     const log = getLogger('mod', { port: ${await freePort()} })
     for (let number = 0; number < 100; number++) log.info({ number }, 'text')
     process.on('exit', () => log.error('last'))`,
    )
    const { stdout, stderr } = await runNode([join(folder, 'bundled.js')])
    const output = stderr + stdout
    t.equal(output.match(/^dareplane: the thread that sends the log does not run .*printed here instead$/gm)?.length, 1)
    t.equal(output.match(/ - mod - INFO - text number=\d+$/gm)?.length, 100)
    t.match(output, / - mod - ERROR - last\n$/)
  },
)
