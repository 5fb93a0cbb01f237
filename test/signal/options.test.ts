import '../support/loopback.js'
import t from 'tap'
import * as signal from '../../src/signal/index.js'
import * as testing from '../../src/testing/index.js'
import { RingBuffer } from '../../src/ring/ring-buffer.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { NO_OPTIONS, refusesUnknownOptions } from '../support/refused-options.js'
import type { Call } from '../support/refused-options.js'

const data = new Float64Array(8)
const ring = RingBuffer.allocate({ frames: 4, channels: 1, nominalSrate: 100 })
const module = new URL('./none.job.js', import.meta.url)
const job = signal.defineJob(() => undefined)
const info = new StreamInfo({ name: 'options', channelCount: 1 })

/** How each part of the entry points is given options. What is added to them must be added here. */
const PUBLIC: Readonly<Record<keyof typeof signal | keyof typeof testing, readonly Call[]>> = {
  ClockHistory: NO_OPTIONS,
  Decimator: [options => new signal.Decimator(options)],
  EventLoop: [options => new signal.EventLoop(options)],
  FilterBank: [options => new signal.FilterBank(options)],
  JobOutlet: [options => new signal.JobOutlet(options), options => new signal.JobOutlet(info, options)],
  SosFilter: [options => new signal.SosFilter([], options)],
  align: [options => signal.align([ring], options).next()],
  bandPower: [options => signal.bandPower(data, options)],
  butterworth: [options => signal.butterworth(options)],
  commonAverage: [options => signal.commonAverage(data, options)],
  defineJob: NO_OPTIONS,
  derive: NO_OPTIONS,
  derivedInfo: [options => signal.derivedInfo(ring.share(), options)],
  detrend: [options => signal.detrend(data, options)],
  epochs: [
    options => signal.epochs(ring, ring, options),
    reject => signal.epochs(ring, ring, { tmin: 0, tmax: 0.01, reject }),
  ],
  movingAverage: [options => signal.movingAverage(options)],
  notch: [options => signal.notch(options)],
  onLocalClock: NO_OPTIONS,
  rereference: [options => signal.rereference(data, options)],
  rollingMeanSd: [options => signal.rollingMeanSd(options)],
  runJob: [options => testing.runJob(job, options), signal => testing.runJob(job, { signal })],
  samplesDue: [options => signal.samplesDue(options)],
  sleepS: NO_OPTIONS,
  sleepUntil: NO_OPTIONS,
  startJob: [options => signal.startJob(module, options)],
  welch: [options => signal.welch(data, options)],
}

t.test('every function and class is in the table', async t => {
  t.same(Object.keys(PUBLIC).sort(), [...Object.keys(signal), ...Object.keys(testing)].sort())
})

refusesUnknownOptions(PUBLIC)

t.test('what is no job, stream, outlet or function is refused by its name', async t => {
  const target = { info, pushChunk: () => undefined }
  const refused: [message: RegExp, () => unknown][] = [
    [/^localClockS must be LSL clock seconds, got { at: 1 }/, () => signal.sleepUntil({ at: 1 } as never)],
    [/^localClockS must be LSL clock seconds, got NaN/, () => signal.sleepUntil(NaN)],
    [/^measurements must be a list, got {}/, () => new signal.ClockHistory({} as never)],
    [/^sections must be a list of sections, .* got 5/, () => new signal.SosFilter(5 as never, { channels: 1 })],
    [/^body must be a function, got 5/, () => signal.defineJob(5 as never)],
    [/^compute must be a function/, () => signal.derive(ring.share(), undefined as never, target)],
    [/^target must be a StreamOutlet/, () => signal.derive(ring.share(), () => undefined, { send: 1 } as never)],
    [/^name must be a non-empty string/, () => signal.derive(ring.share(), () => undefined, { outlet: {} } as never)],
    [/^channels must be a whole number/, () => signal.derivedInfo(ring.share(), { name: 'x', channels: 0 })],
    [/^channelFormat must be one of/, () => signal.derivedInfo(ring.share(), { name: 'x', channelFormat: 'string' as never })], // prettier-ignore
    [/^streams must be a list/, () => signal.startJob(module, { streams: ring as never })],
    [/^streams must hold at least one stream/, () => signal.startJob(module, { streams: [] })],
    [/^streams\[0\] must be a StreamWatcher/, () => signal.startJob(module, { streams: ['eeg' as never] })],
    [/^outlets must be an object of JobOutlets/, () => signal.startJob(module, { streams: [ring], outlets: { power: {} as never } })], // prettier-ignore
    [/^onResult must be a function/, () => signal.startJob(module, { streams: [ring], onResult: 1 as never })],
    [/^baseline must be \[fromS, toS\]/, () => signal.epochs(ring, ring, { tmin: 0, tmax: 1, baseline: ['a', 'b'] as never })], // prettier-ignore
  ]
  for (const [message, call] of refused) t.throws(call, { message })
  await t.rejects(signal.align('eeg' as never, { rateHz: 1 }).next(), { message: /^streams must be a list/ })
  await t.rejects(testing.runJob({} as never, {} as never), { message: /^job must be a job/ })
  const markers = [{ time: NaN, value: 'x' }]
  await t.rejects(testing.runJob(job, { signal: { data, channels: 1, rateHz: 1 }, markers }), {
    message: /^markers\[0\]\.time must be LSL clock seconds, got NaN/,
  })
})
