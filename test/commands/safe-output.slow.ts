import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { Dareplane, dareplane } from '../support/dareplane.js'
import { uniqueName } from '../support/loopback.js'

/** Clears the screen and sets the title: of eight bits, since XML cannot carry those of seven. */
const EVIL = '\x9b2J\x9d0;title\x9c'
/** What a terminal acts on: controls but the end of a line. */
const CONTROLS = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/

/** Prints markers of a stream whose every text is hostile, as long as the test runs. */
function hostileOutlet(name: string): StreamOutlet {
  const info = new StreamInfo({
    name: `${name}${EVIL}`,
    type: `type${EVIL}`,
    sourceId: `source${EVIL}`,
    channelCount: 1,
    channelFormat: 'string',
    channels: [{ label: `label${EVIL}`, unit: `unit${EVIL}` }],
  })
  return new StreamOutlet(info)
}

t.test('no command lets what others have named or sent reach the terminal as a control sequence', async t => {
  const name = uniqueName('evil')
  const outlet = hostileOutlet(name)
  const sending = setInterval(() => outlet.pushSample([`marker${EVIL}`]), 20)
  t.teardown(async () => {
    clearInterval(sending)
    await outlet.close()
  })
  const log = join(t.testdir(), 'all.log')
  writeFileSync(log, `2026-11-22 05:33:01,898 - mod${EVIL}\x1b[2J - INFO - text\x1b]0;title\x07${EVIL}\n`)
  const full = `${name}${EVIL}`
  const runs = [
    ['streams', '--wait', '1'],
    ['streams', '--wait', '1', '--json'],
    ['watch', full, '--seconds', '0.5'],
    ['watch', full, '--seconds', '0.5', '--json'],
    ['bench', full, '--seconds', '0.5'],
    ['watch', `absent${EVIL}\x1b[2J`, '--timeout', '0.1'],
    ['logs', log, '--no-follow'],
    ['logs', `absent${EVIL}\x1b[2J`],
    ['outlet', '--xdf', `absent${EVIL}\x1b[2J`],
    ['outlet', '--name', full, '--seconds', '0.1', '--linger', '0'],
    ['demo', '--xdf', `absent${EVIL}`],
    ['new-module', `absent${EVIL}`],
    [`unknown${EVIL}\x1b[2J`],
    ['watch', 'x', `--unknown${EVIL}`],
  ]
  for (const args of runs) {
    const { stdout, stderr } = await dareplane(...args)
    const title = args.join(' ').replaceAll(/[\x00-\x1f\x7f-\x9f]/g, '?')
    t.notMatch(stdout + stderr, CONTROLS, title)
    t.ok(stdout.length + stderr.length > 0, `${title} says something`)
  }
})

t.test('a log server shows nothing that a terminal acts on', async t => {
  await using server = new Dareplane(['logserver', '--port', '0', '--logfile', join(t.testdir(), `all.log`)])
  t.notMatch(await server.line(/up and listening/), CONTROLS)
})
