import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import t from 'tap'
import { childEnvironment } from '../support/child.js'
import '../support/loopback.js'
import { blocksOf, readPage } from '../support/pages.js'
import { projectFolder } from '../support/project.js'

// The README and the first steps of docs/install.md, followed word for word in a fresh folder, with Node and npm and nothing else. Only the name of
// the package is replaced by the tarball that npm would publish.

const TIMEOUT_MS = 300_000
t.setTimeout(2 * TIMEOUT_MS)
// Outside of this project: in a folder without a package.json npm installs into the next one above that has one.
const folder = mkdtempSync(join(tmpdir(), 'dareplane-readme-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
for (const name of ['tarball', 'readme', 'install']) mkdirSync(join(folder, name))
const env = childEnvironment({ NODE_OPTIONS: '', npm_config_prefer_offline: 'true', npm_config_loglevel: 'error' })
const options = { env, timeout: TIMEOUT_MS, maxBuffer: 1e8 }
const run = promisify(execFile)
let tarball = ''

t.before(async () => {
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', join(folder, 'tarball')]
  const { stdout } = await run('npm', pack, { ...options, cwd: projectFolder })
  tarball = join(folder, 'tarball', stdout.trim())
})

/** Types a block of a page into a shell, which stops at the first command that fails. */
async function follow(cwd: string, code: string): Promise<string> {
  const commands = code.replace('npm install dareplane-utils', `npm install ${tarball}`)
  return (await run('sh', ['-e', '-c', commands], { ...options, cwd })).stdout
}

const shellBlocks = (page: string): string[] =>
  blocksOf(page, readPage(page))
    .filter(({ language }) => language === 'sh')
    .map(({ code }) => code)

t.test('the README: installed, shown, and a module of its own that passes its test', async t => {
  const cwd = join(folder, 'readme')
  const said = await follow(cwd, shellBlocks('README.md').join(''))
  t.match(said, /^PASSED/m)
  t.match(said, /^Next: cd my-module && npm install && npm start/m)
  const { stdout } = await run('sh', ['-e', '-c', 'npm install && npm test'], {
    ...options,
    cwd: join(cwd, 'my-module'),
  })
  t.match(stdout, /^# fail 0$/m)
})

t.test('its first example reads the stream that it says', async t => {
  const cwd = join(folder, 'readme')
  const [example] = blocksOf('README.md', readPage('README.md')).filter(({ language }) => language === 'js')
  writeFileSync(join(cwd, 'watch.mjs'), example?.code ?? '')
  const outlet = spawn('npx', ['dareplane', 'outlet', '--name', `readme-${process.pid}`], { cwd, env, detached: true })
  t.teardown(() => process.kill(-(outlet.pid ?? NaN), 'SIGKILL'))
  const watch = spawn(process.execPath, ['watch.mjs', `readme-${process.pid}`], { cwd, env })
  t.teardown(() => watch.kill('SIGKILL'))
  watch.stderr.on('data', (text: Buffer) => t.comment(text.toString()))
  for await (const line of createInterface(watch.stdout)) {
    t.match(line, /^sample \d+: mean -?\d+\.\d\d, missing 0$/)
    break
  }
})

t.test('the first two steps of docs/install.md', async t => {
  const cwd = join(folder, 'install')
  const [install = '', demo = ''] = shellBlocks('docs/install.md')
  await follow(cwd, install)
  t.match(await follow(join(cwd, 'my-experiment'), demo), /^PASSED/m)
})
