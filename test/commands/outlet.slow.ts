import t from 'tap'
import type { Test } from 'tap'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import { readXdf } from '../../src/xdf/read-xdf.js'
import { AS_RECORDED } from '../../src/xdf/stamps/stamp-correction.js'
import { Dareplane, dareplane } from '../support/dareplane.js'
import { uniqueName } from '../support/loopback.js'
import { recording } from '../support/xdf/recordings.js'

interface Received {
  inlet: StreamInlet
  values: unknown[]
  times: number[]
}

async function listen(t: Test, name: string): Promise<Received> {
  const [info] = await resolveByProp('name', name)
  if (info === undefined) throw new Error(`no stream ${name}`)
  const inlet = new StreamInlet(info, { queueFrames: 100_000 })
  t.teardown(() => inlet.close())
  await inlet.open()
  return { inlet, values: [], times: [] }
}

async function pull({ inlet, values, times }: Received, frames: number): Promise<void> {
  while (times.length < frames) {
    const chunk = await inlet.pullChunk({ timeoutS: 10 })
    if (chunk.frames === 0) return
    for (const value of chunk.data) values.push(value)
    times.push(...chunk.times)
  }
}

for (const name of ['clock_resets.xdf', 'empty_streams.xdf', 'minimal.xdf'] as const) {
  const { file, skip } = recording(name)
  t.test(`every stream of ${name} arrives bit for bit with its original stamps`, { skip }, async t => {
    const args = ['--speed', '200', '--stamps', 'original', '--wait-consumers', '30', '--linger', '10']
    await using outlet = new Dareplane(['outlet', '--xdf', file, ...args])
    await outlet.line(/^ready/)
    const recorded = await readXdf(file, AS_RECORDED)
    const received: Received[] = []
    for (const stream of recorded) received.push(await listen(t, stream.name))
    for (const [s, stream] of recorded.entries()) {
      const heard = received[s]!
      await pull(heard, stream.times.length)
      const { channelCount, channelFormat, type, sourceId } = stream
      t.match(heard.inlet.info, { channelCount, channelFormat, type, nominalSrate: stream.nominalSrate })
      if (sourceId !== '') t.equal(heard.inlet.info.sourceId, sourceId)
      t.equal(JSON.stringify(heard.times), JSON.stringify([...stream.times]), `stamps of ${stream.name}`)
      t.equal(JSON.stringify(heard.values), JSON.stringify([...stream.samples]), `values of ${stream.name}`)
    }
    await outlet.line(/^sent /)
    for (const { inlet } of received) t.same(await inlet.pullSample(0), undefined, 'nothing more comes')
    t.match(await outlet.interrupt(), { code: 0, stderr: '' })
  })
}

t.test('metadata of a recorded stream goes out with it', { skip: recording('empty_streams.xdf').skip }, async t => {
  const stream = 'Data stream: test stream 0 counter'
  await using outlet = new Dareplane(['outlet', '--xdf', recording('empty_streams.xdf').file, '--stream', stream])
  t.match(await outlet.line(/^ready/), /^ready 'Data stream: test stream 0 counter' [^;]*$/)
  const { inlet } = await listen(t, stream)
  t.same(inlet.info.channelNames, ['ch:00'])
  t.equal(inlet.info.desc.children.find(child => child.name === 'manufacturer')?.text, 'pylsltools')
  await inlet.close()
  t.match(await outlet.interrupt(), { code: 0, stdout: /^sent \d+ of 10 samples of 'Data stream/m })
})

t.test(
  'a stream that the recording does not hold is named, with those that it does',
  { skip: recording('minimal.xdf').skip },
  async t => {
    const { code, stderr } = await dareplane('outlet', '--xdf', recording('minimal.xdf').file, '--stream', 'EEG9')
    t.equal(code, 1)
    t.match(stderr, /holds no stream 'EEG9', only 'SendDataC', 'SendDataString'\n$/)
  },
)

t.test(
  'the synthetic EEG has electrode names and microvolts, arrives at its rate, with a marker stream beside it',
  async t => {
    const name = uniqueName('eeg')
    const args = ['--name', name, '--channels', '20', '--rate', '500', '--chunk', '5', '--markers', '50']
    await using outlet = new Dareplane(['outlet', ...args, '--wait-consumers', '20', '--seconds', '60'])
    await outlet.line(/^ready/)
    const eeg = await listen(t, name)
    const markers = await listen(t, `${name}-markers`)
    await pull(eeg, 250)
    await pull(markers, 3)
    t.same(eeg.inlet.info.channelNames.slice(0, 3), ['Fp1', 'Fp2', 'F7'])
    t.same(new Set(eeg.inlet.info.channelUnits), new Set(['microvolts']))
    const intervals = eeg.times.slice(1).map((time, i) => time - eeg.times[i]!)
    t.ok(
      intervals.every(interval => Math.abs(interval - 0.002) < 1e-6),
      'stamps are regular, over chunks too',
    )
    t.match(markers.values[0], [/^(stimulus\/(left|right)|response)$/])
    t.match(await outlet.interrupt(), {
      code: 0,
      stdout: /^sent \d+ samples of '.*', \d+ samples of '.*-markers'/m,
      stderr: '',
    })
  },
)

for (const format of ['double64', 'int8', 'int16', 'int32', 'int64', 'string']) {
  t.test(`outlet sends ${format}`, async t => {
    const name = uniqueName(format)
    await using outlet = new Dareplane([
      'outlet',
      '--name',
      name,
      '--format',
      format,
      '--channels',
      '2',
      '--rate',
      '200',
    ])
    await outlet.line(/^ready/)
    const heard = await listen(t, name)
    await pull(heard, 10)
    t.match(heard.inlet.info, { channelFormat: format, channelCount: 2 })
    t.ok(heard.times.length >= 10)
  })
}

t.test('outlet ends by itself after its seconds, and says that nobody listened', async t => {
  const { code, stdout } = await dareplane(
    'outlet',
    '--name',
    uniqueName('short'),
    '--seconds',
    '0.2',
    '--wait-consumers',
    '0.1',
  )
  t.equal(code, 0)
  t.match(stdout, /^ready .*\nnobody listens to .*\nsent \d+ samples of .* in \d+\.\d s\n$/)
})
