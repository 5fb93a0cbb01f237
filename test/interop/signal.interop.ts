import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { RingBuffer } from '../../src/ring/ring-buffer.js'
import type { RingHandle } from '../../src/ring/allocate-ring.js'
import { FilterBank } from '../../src/signal/filters/filter-bank.js'
import { epochs } from '../../src/signal/streams/epochs.js'
import { AS_RECORDED } from '../../src/xdf/stamps/stamp-correction.js'
import { readXdf } from '../../src/xdf/read-xdf.js'
import type { XdfStream } from '../../src/xdf/read-xdf.js'
import { runPython, withoutPython } from '../support/interop/python.js'
import { recording } from '../support/xdf/recordings.js'
import { scipy, worstRelative } from '../support/scipy-figures.js'

/** All numbers of a figure, in order. */
const numbers = (figure: unknown): number[] =>
  typeof figure === 'number'
    ? [figure]
    : typeof figure === 'object' && figure !== null
      ? Object.values(figure).flatMap(numbers)
      : []

t.test(
  'the figures that npm test compares with are those of the scipy that is here',
  { skip: withoutPython },
  async t => {
    const file = join(t.testdir(), 'figures.json')
    await runPython('scipy_figures.py', file)
    const now = JSON.parse(readFileSync(file, 'utf8')) as typeof scipy
    for (const name of Object.keys(scipy) as (keyof typeof scipy)[]) {
      t.ok(worstRelative(numbers(now[name]), numbers(scipy[name])) < 1e-9, name)
    }
  },
)

t.test("the FilterBank answers what Python's answers where that is right", { skip: withoutPython }, async t => {
  const theirs = JSON.parse(await runPython('signal_peer.py', 'filter_bank')) as Record<string, number[]>
  const [input, times] = [Float32Array.from(theirs['input']!), Float64Array.from(theirs['times']!)]
  for (const output of ['signal', 'square'] as const) {
    const bands = { alpha: [8, 12], beta: [12, 30] } as const
    const bank = new FilterBank({ bands, order: 4, sfreq: 250, output, nInChannels: 2 })
    const rows: number[] = []
    for (let first = 0; first < 200; first += 20) {
      bank.filter(input.subarray(2 * first, 2 * first + 40), times.subarray(first, first + 20))
      rows.push(...bank.takeNew().data)
    }
    // Python keeps its output in float32.
    t.ok(worstRelative(rows, theirs[output]!) < 1e-6, output)
  }
})

function shared({
  samples,
  times,
  channelCount,
  channelFormat,
  nominalSrate,
  clockOffsets,
  name,
}: XdfStream): RingHandle {
  const ring = RingBuffer.allocate({
    frames: times.length,
    channels: channelCount,
    format: channelFormat,
    nominalSrate,
  })
  ring.addSamples(samples, times)
  ring.close()
  const clock = RingBuffer.allocate({ frames: clockOffsets.length, channels: 2, format: 'double64' })
  // The time of an offset is that of the sender; a watcher keeps that of this machine.
  for (const { time, offset } of clockOffsets) clock.addSamples([[offset, 0]], [time + offset])
  const described = { type: '', sourceId: '', hostname: 'the recorder', channelNames: [], channelUnits: [] }
  return { ...ring.share(), clock: clock.share(), stream: { ...described, name, channelTypes: [] } }
}

const { file, skip } = recording('clock_resets.xdf')
t.test('epochs of a recording are those that pyxdf and numpy cut', { skip: withoutPython || skip }, async t => {
  interface Cut { marker: string; time: number; start: number; frames: number; first: number; sum: number } // prettier-ignore
  const theirs = JSON.parse(await runPython('signal_peer.py', 'epochs', file)) as Cut[]
  const streams = await readXdf(file, AS_RECORDED)
  const [eeg, markers] = ['EEG', 'Markers'].map(type => shared(streams.find(stream => stream.type === type)!))
  const ours = []
  const list = epochs(eeg!, markers!, { tmin: -0.2, tmax: 0.8 })
  for await (const epoch of list) ours.push(epoch)
  t.equal(ours.length, theirs.length)
  t.comment(list.stats)
  let compared = 0
  ours.forEach((epoch, i) => {
    const their = theirs[i]!
    t.equal(epoch.marker, their.marker)
    t.ok(Math.abs(epoch.markerTime - their.time) < 1e-9)
    if (!epoch.complete) return
    compared++
    t.equal(epoch.start, their.start)
    t.equal(epoch.data[0], their.first)
    const sum = Array.from(epoch.data as Float32Array).reduce((total, value) => total + value, 0)
    t.ok(Math.abs(sum - their.sum) < 1e-6)
  })
  t.ok(compared > 0.9 * theirs.length, `${compared} of ${theirs.length} are complete`)
})
