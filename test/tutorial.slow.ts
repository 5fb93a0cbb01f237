import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { childEnvironment } from './support/child.js'
import { Dareplane } from './support/dareplane.js'
import { uniqueName } from './support/loopback.js'
import { blocksOf, readPage } from './support/pages.js'
import { loopbackConfig, projectFolder } from './support/project.js'

// The tutorial, step by step, as it is written and as TypeScript, in an LSL session of its own: its streams have the names of the page.

const TIMEOUT_MS = 120_000
t.setTimeout(2 * TIMEOUT_MS)
const folder = t.testdir({ node_modules: {} })
const config = readFileSync(loopbackConfig, 'utf8')
writeFileSync(join(folder, 'lsl_api.cfg'), config.replace('[lab]', `[lab]\nSessionID = ${uniqueName('tutorial')}`))
const lsl = { LSLAPICFG: join(folder, 'lsl_api.cfg') }
const env = childEnvironment(lsl)
symlinkSync(projectFolder, join(folder, 'node_modules', 'dareplane-utils'), 'dir')
symlinkSync(join(projectFolder, 'node_modules', '@types'), join(folder, 'node_modules', '@types'), 'dir')
cpSync(join(projectFolder, 'examples', 'tutorial'), folder, { recursive: true })
const node = (cwd: string, ...args: string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, args, { cwd, env, timeout: TIMEOUT_MS })
const dareplane = (...args: string[]): Dareplane => new Dareplane(args, lsl, folder)

async function steps(t: Test, module: string): Promise<void> {
  const outlet = dareplane('outlet')
  t.teardown(() => outlet[Symbol.asyncDispose]())
  await outlet.line(/^ready 'dareplane-eeg'/)
  const alpha = spawn(process.execPath, [module, '--port=0', '--level=1'], { cwd: folder, env })
  t.teardown(() => alpha.kill('SIGKILL'))
  let port = ''
  for await (const line of createInterface(alpha.stderr)) {
    port = /INFO - server is listening .*port=(\d+)/.exec(line)?.[1] ?? ''
    if (port !== '') break
  }
  alpha.stderr.resume()
  t.equal((await dareplane('commands', port).ended).stdout, 'START  begin to watch the alpha power\n')
  t.match((await dareplane('send', port, 'START').ended).stdout, /^START sent to alpha, which answers within /)
  const watch = dareplane('watch', 'alpha-markers')
  t.match(await watch.line(/^marker /), /^marker \d\d:\d\d:\d\d\.\d{3} {2}"alpha"$/)
  await watch.interrupt()
  t.match((await dareplane('stop', port).ended).stdout, /alpha: stopped in .* ms, 1 of 1 jobs ended/)
  alpha.kill('SIGINT')
  t.same(await once(alpha, 'exit'), [0, null])
  await outlet.interrupt()
}

t.test('the test of step 3 passes', async t => {
  t.match((await node(folder, '--test', '--test-reporter=tap', 'alpha.test.js')).stdout, /^ok 1 - alpha power/m)
})

t.test('in JavaScript', t => steps(t, 'alpha.js'))

t.test('in TypeScript, compiled as the page says', async t => {
  const command = blocksOf('docs/tutorial.md', readPage('docs/tutorial.md')).find(({ code }) => /npx tsc/.test(code))
  const [line = ''] = /npx tsc .*/.exec(command?.code ?? '') ?? []
  mkdirSync(join(folder, 'dist'), { recursive: true })
  const tsc = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  await node(join(folder, 'typescript'), tsc, ...line.split(' ').slice(2), '--outDir', '../dist')
  await steps(t, 'dist/alpha.js')
})
