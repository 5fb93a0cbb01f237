import { uniqueName } from '../support/loopback.js'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { RecordingDesk } from '../../src/recording/recording-desk.js'
import { RemoteControl } from '../../src/recording/remote-control.js'
import { parseRemoteLine } from '../../src/recording/remote-line.js'
import { readXdf } from '../../src/xdf/read-xdf.js'

t.test('lines are read as LabRecorder writes them', async t => {
  t.same(parseRemoteLine('start\r'), { ask: 'start' })
  t.same(parseRemoteLine(' select   all '), { ask: 'select all' })
  t.same(parseRemoteLine('filename {root:C:\\Data\\} {template:exp%n\\%p.xdf} {run:2} {Participant:P003}'), {
    ask: 'filename',
    fields: { root: 'C:\\Data\\', template: 'exp%n\\%p.xdf', run: '2', participant: 'P003' },
  })
  t.match(parseRemoteLine('filename'), /needs/)
  t.match(parseRemoteLine('rm -rf /'), /unknown command 'rm -rf \/'; known are start/)
})

async function controlOf(t: Test, type: string): Promise<{ socket: Socket; folder: string; desk: RecordingDesk }> {
  const folder = t.testdir()
  const desk = new RecordingDesk({ folder, template: 'a.xdf', fields: {} }, { streams: `type='${type}'`, engine: 'builtin', flushS: 0.05 }) // prettier-ignore
  const remote = await new RemoteControl(desk).listen(0)
  const socket = connect(remote.port, '127.0.0.1').setEncoding('utf8')
  t.teardown(async () => {
    socket.destroy()
    await remote.close()
    await remote.close()
    await desk[Symbol.asyncDispose]()
  })
  await once(socket, 'connect')
  return { socket, folder, desk }
}

async function asked(socket: Socket, line: string): Promise<string> {
  socket.write(`${line}\n`)
  const [answer] = (await once(socket, 'data')) as [string]
  return answer
}

t.test('a script for LabRecorder records, and is answered when it is done', async t => {
  const type = uniqueName('remote')
  const outlet = new StreamOutlet(new StreamInfo({ name: type, type, channelCount: 1 }), { engine: 'builtin' })
  t.teardown(() => outlet.close())
  const { socket, folder, desk } = await controlOf(t, type)
  t.equal(await asked(socket, 'select all'), 'OK')
  t.equal(
    await asked(socket, `filename {root:${folder}} {template:exp%n/%p_block_%b.xdf} {participant:P003} {task:rest}`),
    'OK',
  )
  t.equal(await asked(socket, 'start'), 'OK')
  const file = join(folder, 'exp001', 'P003_block_rest.xdf')
  t.ok(existsSync(file), 'the answer comes when the file is there')
  await outlet.waitForConsumers(30)
  while (desk.recorder?.stats.streams.length !== 1) await new Promise(resolve => setTimeout(resolve, 5))
  outlet.pushSample([7], 1)
  while (desk.recorder.stats.streams[0]?.samples !== 1) await new Promise(resolve => setTimeout(resolve, 5))
  t.match(JSON.parse(await asked(socket, 'status')), { recording: true, file, streams: [{ name: type, samples: 1 }] })
  t.equal(await asked(socket, 'stop'), 'OK')
  const [read] = await readXdf(file)
  t.same([...read!.samples], [7])
  t.match(read!.footerXml, '<sample_count>1<', 'the answer comes when the file is ended')
  t.equal(await asked(socket, 'start'), 'OK', 'the next run counts up')
  t.ok(existsSync(join(folder, 'exp002', 'P003_block_rest.xdf')))
})

t.test('answers are true: what was not done is not called OK', async t => {
  const { socket } = await controlOf(t, uniqueName('none'))
  t.equal(await asked(socket, 'stop'), 'ERROR nothing is being recorded\n')
  t.equal(await asked(socket, 'select none'), 'OK')
  t.equal(await asked(socket, 'start'), 'ERROR no stream is selected\n')
  t.equal(await asked(socket, 'select all'), 'OK')
  t.equal(await asked(socket, 'start'), 'OK')
  t.match(await asked(socket, 'start'), /^ERROR .*a\.xdf is being recorded; stop it first\n$/)
  t.equal(await asked(socket, 'stop'), 'OK')
  t.match(await asked(socket, 'start'), /^ERROR .*a\.xdf is there already; put \{run\} into the name to count up\n$/)
  t.match(await asked(socket, 'frobnicate'), /^ERROR unknown command/)
})

t.test('of two who start at once one begins the recording, and it can be stopped, however soon', async t => {
  const { desk, folder } = await controlOf(t, uniqueName('twice'))
  const [first, second] = await Promise.allSettled([desk.start(), desk.start()])
  t.same(first, { status: 'fulfilled', value: join(folder, 'a.xdf') })
  t.match(second, { status: 'rejected', reason: { code: 'ERR_ALREADY_CONNECTED' } })
  t.ok(desk.recorder, 'the one that began is still known')
  await desk.stop()

  desk.place = { ...desk.place, template: 'b.xdf' }
  const started = desk.start()
  const { file } = await desk.stop()
  t.equal(file, await started)
  t.equal(desk.recorder, undefined)
})
