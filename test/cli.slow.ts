import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Dareplane, dareplane } from './support/dareplane.js'
import { projectFolder } from './support/project.js'

const COMMANDS = ['demo', 'streams', 'watch', 'outlet', 'logserver', 'logs', 'new-module', 'bench', 'doctor']

t.test('help names every command, and every command has help', async t => {
  const { code, stdout } = await dareplane('--help')
  t.equal(code, 0)
  for (const command of COMMANDS) {
    t.match(stdout, new RegExp(`^ {2}${command}\\b`, 'm'))
    t.match(await dareplane(command, '--help'), { code: 0, stdout: `Usage: dareplane ${command}`, stderr: '' })
  }
})

t.test('the version is that of the package', async t => {
  const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { version: string }
  t.match(await dareplane('--version'), { code: 0, stdout: `${version}\n` })
})

const MISTAKES: [string[], RegExp][] = [
  [['nope'], /unknown command 'nope'/],
  [['strems'], /unknown command 'strems'.*streams/],
  [['streams', '--wat'], /unknown option '--wat'.*--wait/],
  [['streams', '--wait'], /--wait <s>.*argument missing/],
  [['streams', '--wait', 'soon'], /'soon' is invalid.*not a number/],
  [['streams', 'extra'], /too many arguments/],
  [['outlet', '--rate', '-1'], /'-1' is invalid.*from 0.001/],
  [['outlet', '--channels', '1.5'], /'1.5' is invalid.*whole/],
  [['outlet', '--format', 'float16'], /float16.*float32, double64/],
  [['outlet', '--speed', '2'], /'--speed' needs '--xdf/],
  [['outlet', '--stamps', 'mine', '--xdf', 'x'], /'mine' is invalid.*original, now/],
  [['outlet', '--xdf', 'x', '--rate', '5'], /--xdf.*cannot be used with.*--rate/],
  [['outlet', '--xdf', 'missing.xdf'], /missing.xdf cannot be read: ENOENT/],
  [['outlet', '--xdf', 'lsl_api.cfg'], /lsl_api.cfg is not an XDF recording/],
  [['outlet', '--name', ''], /name must be a non-empty string/],
]

for (const [args, message] of MISTAKES) {
  t.test(`dareplane ${args.join(' ')} is refused with one clear line`, async t => {
    const { code, stdout, stderr } = await dareplane(...args)
    t.equal(code, 1)
    t.match(stderr, message)
    t.match(stderr, /^dareplane: [^\n]+\n$/)
    t.equal(stdout, '')
  })
}

t.test('a stack is shown to whom debugs, and to nobody else', async t => {
  await using run = new Dareplane(['outlet', '--xdf', 'missing.xdf'], { DEBUG: '1' })
  t.match((await run.ended).stderr, /^dareplane: .*\n[^]* {4}at /)
})

t.test('a reader that goes away ends the command quietly', async t => {
  await using run = new Dareplane(['outlet', '--help'])
  run.child.stdout.destroy()
  const [code] = (await once(run.child, 'exit')) as [number]
  t.equal(code, 0)
})
