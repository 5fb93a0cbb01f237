import { uniqueName } from '../support/loopback.js'
import { join } from 'node:path'
import t from 'tap'
import { CHANNEL_FORMATS } from '../../src/channel-format.js'
import type { ChannelFormat } from '../../src/channel-format.js'
import { localClock } from '../../src/clock.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { xmlElement } from '../../src/lsl/xml.js'
import { XdfRecorder } from '../../src/recording/xdf-recorder.js'
import { runPython, withoutPython } from '../support/interop/python.js'
import { seededRandom } from '../support/random.js'

interface PyxdfStream {
  name: string
  times: string
  values: string | string[][]
  clockOffsets: [number, number][]
  labels: string[]
  footer: { first: string; last: string; count: string }
}

const FRAMES = 200
const CHANNELS = 3
const random = seededRandom(t)

function valueOf(format: ChannelFormat): number | bigint | string {
  if (format === 'string') return 'ü🧠,"<&>\n'.repeat(Math.floor(random() * 30))
  if (format === 'int64') return BigInt(Math.floor(random() * 2 ** 53)) * -1001n
  if (format === 'float32' || format === 'double64') return random() < 0.1 ? NaN : (random() - 0.5) * 1e6
  return Math.floor(random() * 256) - 128
}

t.test('pyxdf and mne read what was sent: samples, stamps, metadata and footers', { skip: withoutPython }, async t => {
  const type = uniqueName('interop')
  const channels = Array.from({ length: CHANNELS }, (_, c) => ({ label: `C${c} & Ω`, unit: 'microvolts', type: 'EEG' }))
  const outlets = CHANNEL_FORMATS.map(channelFormat => {
    const nominalSrate = channelFormat === 'string' ? 0 : 100
    const info = new StreamInfo({ name: `${type}-${channelFormat}`, type, channelCount: CHANNELS, nominalSrate, channelFormat, channels }) // prettier-ignore
    const outlet = new StreamOutlet(info)
    t.teardown(() => outlet.close())
    return outlet
  })
  const recorder = new XdfRecorder({ file: join(t.testdir(), 'run.xdf'), streams: `type='${type}'`, flushS: 0.1 })
  t.teardown(() => recorder.stop())
  await recorder.start()
  for (const outlet of outlets) await outlet.waitForConsumers(30)
  const startS = localClock()
  const stamps = Float64Array.from({ length: FRAMES }, (_, i) => startS + i / 100)
  const sent = CHANNEL_FORMATS.map(format => Array.from({ length: FRAMES }, () => Array.from({ length: CHANNELS }, () => valueOf(format)))) // prettier-ignore
  for (let i = 0; i < FRAMES; i++)
    for (const [k, outlet] of outlets.entries()) outlet.pushSample(sent[k]![i] as number[], stamps[i])
  const isThere = (): boolean => recorder.stats.streams.length === 7 && recorder.stats.streams.every(({ samples, clockOffsetS }) => samples === FRAMES && clockOffsetS !== undefined) // prettier-ignore
  while (!isThere()) await new Promise(resolve => setTimeout(resolve, 20))
  // One more flush, so that the offsets are in the file.
  const { file, isComplete } = await recorder.stop()
  t.ok(isComplete)

  const read = JSON.parse(await runPython('xdf_recorded.py', file)) as { streams: PyxdfStream[]; mne: string }
  t.equal(read.streams.length, 7)
  for (const [k, format] of CHANNEL_FORMATS.entries()) {
    const stream = read.streams.find(({ name }) => name === outlets[k]!.info.name)!
    t.equal(stream.times, Buffer.from(stamps.buffer).toString('base64'), `stamps of ${format}`)
    if (format === 'string') t.same(stream.values, sent[k])
    else {
      const array = { float32: Float32Array, double64: Float64Array, int8: Int8Array, int16: Int16Array, int32: Int32Array, int64: BigInt64Array }[format] // prettier-ignore
      const values = (array as typeof Float64Array).from(sent[k]!.flat() as number[])
      t.equal(stream.values, Buffer.from(values.buffer).toString('base64'), `values of ${format}`)
    }
    t.ok(stream.clockOffsets.length > 0 && stream.clockOffsets.every(([, offset]) => Math.abs(offset) < 0.5), 'offsets')
    t.same(stream.labels, channels.map(({ label }) => label)) // prettier-ignore
    t.match(stream.footer, { first: String(stamps[0]), last: String(stamps.at(-1)), count: String(FRAMES) })
  }
  t.equal(read.mne, `RawArray ${CHANNELS} x ${FRAMES}`)
})

t.test('a name that XML does not have does not close the file to pyxdf', { skip: withoutPython }, async t => {
  const type = uniqueName('controls')
  const info = new StreamInfo({
    name: `${type}\u0001\u001b[31m`,
    type,
    channelCount: 1,
    desc: [xmlElement('my channel', 'x\u0002')],
  })
  const outlet = new StreamOutlet(info)
  t.teardown(() => outlet.close())
  const recorder = new XdfRecorder({ file: join(t.testdir(), 'run.xdf'), streams: `type='${type}'`, flushS: 0.1 })
  t.teardown(() => recorder.stop())
  await recorder.start()
  await outlet.waitForConsumers(30)
  outlet.pushSample([1], 1)
  while (recorder.stats.streams[0]?.samples !== 1) await new Promise(resolve => setTimeout(resolve, 20))
  const { file } = await recorder.stop()
  const read = JSON.parse(await runPython('xdf_dump.py', file)) as { name: string }[]
  t.same(read.map(({ name }) => name), [`${type}\ufffd\ufffd[31m`]) // prettier-ignore
})
