import '../support/loopback.js'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { epochs } from '../../src/signal/streams/epochs.js'
import { StreamWatcher } from '../../src/stream-watcher.js'
import { childEnvironment } from '../support/child.js'
import { encode } from '../support/interop/peer.js'
import { withoutPython } from '../support/interop/python.js'
import { uniqueName } from '../support/loopback.js'
import { seededRandom } from '../support/random.js'
import { loopbackFolder, testFolder } from '../support/project.js'

const RATE = 250
const CHANNELS = 3
const FRAMES = 10 * RATE
const TMIN = -0.2
const TMAX = 0.8
/** Between samples, on a sample, overlapping, and one that neither side is asked for. */
const MARKERS = [
  [1, 1.0011],
  [2, 2],
  [1, 2.3],
  [3, 3.0007],
  [2, 4.4979],
  [1, 4.4979 + 1.5 / RATE],
  [2, 7.7777],
] as const
const STREAM_START_S = 2000

t.test("epochs of live streams are those of mne-lsl's EpochsStream", { skip: withoutPython }, async t => {
  const names = { eeg: uniqueName('eeg'), markers: uniqueName('markers') }
  const described = { channelCount: CHANNELS, nominalSrate: RATE, sourceId: names.eeg }
  await using eegOutlet = new StreamOutlet(new StreamInfo({ name: names.eeg, type: 'EEG', ...described }))
  await using markerOutlet = new StreamOutlet(
    new StreamInfo({ name: names.markers, type: 'Markers', channelCount: 1, channelFormat: 'int32', sourceId: names.markers }), // prettier-ignore
  )
  const wanted = MARKERS.filter(([value]) => value < 3)

  const args = [names.eeg, names.markers, wanted.length, TMIN, TMAX].map(String)
  const child = spawn(process.env['INTEROP_PYTHON']!, [join(testFolder, 'interop', 'mne_epochs.py'), ...args], { cwd: loopbackFolder, env: childEnvironment() }) // prettier-ignore
  t.teardown(() => child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  /** What Python prints next, past what its libraries say. */
  const said = async (): Promise<unknown> => {
    for (;;) {
      const next: IteratorResult<string, undefined> = await lines.next()
      if (next.done === true) throw new Error(`mne_epochs.py ended: ${stderr}`)
      if (/^["{]/.test(next.value)) return JSON.parse(next.value)
    }
  }
  await using eeg = await new StreamWatcher({ name: names.eeg, bufferSizeS: 20 }).connectToStream()
  await using markers = await new StreamWatcher({ name: names.markers, bufferSizeS: 20 }).connectToStream()
  const list = epochs(eeg, markers, { tmin: TMIN, tmax: TMAX, match: ([value]) => value === 1 || value === 2 })
  t.equal(await said(), 'ready')
  await Promise.all([eegOutlet, markerOutlet].map(outlet => outlet.waitForConsumers(30)))

  const random = seededRandom(t)
  for (const [value, time] of MARKERS) markerOutlet.pushSample([value], STREAM_START_S + time)
  for (let first = 0; first < FRAMES; first += 50) {
    const samples = Float32Array.from({ length: 50 * CHANNELS }, () => 100 * random())
    eegOutlet.pushChunk(
      samples,
      Float64Array.from({ length: 50 }, (_, i) => STREAM_START_S + (first + i) / RATE),
    )
  }
  const ours: { marker: unknown; data: string; complete: boolean }[] = []
  for await (const { marker, data, complete } of list) {
    ours.push({ marker, data: encode(data), complete })
    if (ours.length === wanted.length) break
  }
  const theirs = (await said()) as { events: number[]; shape: number[]; data: string; type: string }
  t.strictSame(theirs.shape, [wanted.length, RATE * (TMAX - TMIN), CHANNELS])
  t.equal(theirs.type, 'float32')
  t.strictSame(ours.map(({ marker }) => marker), theirs.events) // prettier-ignore
  t.ok(ours.every(({ complete }) => complete))
  t.ok(Buffer.concat(ours.map(({ data }) => Buffer.from(data, 'base64'))).toString('base64') === theirs.data, 'bit for bit') // prettier-ignore
})
