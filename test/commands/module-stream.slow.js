// The example module, and what `dareplane new-module` makes of it, with a live stream: from START to the callback that the
// stream has caused, to STOP.
import t from 'tap'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { childEnvironment } from '../support/child.js'
import { inTime } from '../support/in-time.js'
import { freePort } from '../support/free-port.js'
import { newModule, untilListening } from '../support/server/module.js'
import { cli, projectFolder, loopbackFolder } from '../support/project.js'
import { platform } from '../../src/system/platform.js'

// LSL on this machine alone: newer libraries and the builtin engine read the variable, old ones a file where they run.
const env = childEnvironment({ LSLAPICFG: join(loopbackFolder, 'lsl_api.cfg') })

function start(t, args, cwd) {
  // Not our own pipes: should this process be killed, nobody may wait for those of its children.
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
  child.stderr.pipe(process.stderr, { end: false })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

/** What a client has heard, and a wait until that satisfies `enough`. */
function listen(socket) {
  const heard = { text: '', until: undefined }
  socket.setEncoding('latin1').on('data', text => (heard.text += text))
  heard.until = async enough => {
    while (!enough(heard.text)) await once(socket, 'data')
  }
  return heard
}

const callbacks = text => text.match(/other\|GO\|\{"rms":[\d.e+-]+\}/g) ?? []

async function drive(t, folder, cwd) {
  const stream = `module-stream-${process.pid}-${process.hrtime.bigint()}`
  const port = await freePort()
  const options = ['--ip=127.0.0.1', `--port=${port}`, `--stream_name=${stream}`, '--channel=1', '--threshold=1e9']
  const targets = ['--target_module=other', '--target_pcomm=GO']
  const module = start(t, [join(folder, 'api', 'server.js'), ...options, ...targets], cwd)
  const socket = await untilListening(port)
  const heard = listen(socket)

  // A search for a stream that is not there yet ends with its STOP, and the next START begins another.
  socket.write('START;STOP;START;STOP;')
  start(t, [cli, 'outlet', '--name', stream, '--channels', '4'], loopbackFolder)

  // Far above the threshold of its configuration nothing is called; the next START has one that every signal crosses.
  socket.write('START;')
  await heard.until(text => text.includes('Connected to '))
  socket.write('UP;')
  await heard.until(text => text.endsWith('1'))
  for (let start = 1; start <= 2; start++) {
    socket.write('STOP;START|{"threshold":0};')
    await heard.until(text => callbacks(text).length === start)
    t.match(callbacks(heard.text).at(-1), /"rms":\d*\.?\d/, 'the stream has crossed the threshold')
  }
  const before = heard.text.length
  const stopped = performance.now()
  socket.write('STOP;UP;')
  await heard.until(text => text.length > before)
  inTime(t, 'UP behind STOP', performance.now() - stopped, 100)
  t.equal(heard.text.slice(before), '1', 'and nothing else')

  const exited = once(module, 'exit')
  const ended = performance.now()
  module.kill('SIGTERM')
  const [code, signal] = await exited
  if (platform() !== 'windows') t.same([code, signal], [0, null])
  inTime(t, 'gone', performance.now() - ended, 1000)
}

t.test('the example module calls another module when its stream crosses the threshold', t =>
  drive(t, join(projectFolder, 'examples', 'dareplane-module'), loopbackFolder),
)

t.test('a new module does, in a folder of its own', async t => {
  const folder = join(t.testdir(), 'dp-mine')
  newModule('dp-mine', folder)
  copyFileSync(join(loopbackFolder, 'lsl_api.cfg'), join(folder, 'lsl_api.cfg'))
  await drive(t, folder, folder)
})
