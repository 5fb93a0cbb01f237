import t from 'tap'
import { defineJob } from '../../src/signal/jobs/define-job.js'
import type { DefinedJob } from '../../src/signal/jobs/define-job.js'
import { derive } from '../../src/signal/streams/derive.js'
import { epochs } from '../../src/signal/streams/epochs.js'
import { runJob } from '../../src/testing/run-job.js'
import { fixture } from '../support/project.js'

const data = Float32Array.from({ length: 2 * 1000 }, (_, i) => Math.sin(i))
const signal = { data, channels: 2, rateHz: 250, name: 'eeg', channelNames: ['C3', 'C4'] }

t.test('a job is fed in virtual time, and what it did is there: the same at every run', async t => {
  const { default: job } = (await import(fixture('power.job.js'))) as {
    default: DefinedJob<object, { frames: number }>
  }
  const run = (): ReturnType<typeof runJob> => runJob(job, { signal, config: { band: [8, 12] } })
  const { outlets, results, logs } = await run()
  t.strictSame(outlets['power']!.flatMap(({ times }) => times), Array.from({ length: 1000 }, (_, i) => 1000 + i / 250)) // prettier-ignore
  t.equal(outlets['power']!.flatMap(({ data }) => data).length, 2000)
  t.strictSame(results, [{ frames: 245 }, { frames: 495 }, { frames: 745 }, { frames: 995 }])
  t.match(logs, [{ msg: 'begins', name: 'eeg', labels: ['C3', 'C4'] }])
  t.strictSame((await run()).outlets, outlets)
  const whole = await runJob(job, { signal, config: { band: [8, 12] }, chunk: 1000 })
  t.strictSame(whole.outlets['power']![0]!.data, outlets['power']!.flatMap(({ data }) => data)) // prettier-ignore
})

t.test('epochs and derived streams run in it as in a job', async t => {
  const job = defineJob(async ({ streams, send }) => {
    const [eeg, markers] = streams
    for await (const epoch of epochs(eeg!.ring, markers!.ring, { tmin: 0, tmax: 0.1 }))
      send([epoch.marker, epoch.start])
  })
  const markers = [
    { time: 1001, value: 'a' },
    { time: 1003.001, value: 'b' },
  ]
  const { results } = await runJob(job, { signal, markers })
  t.strictSame(results, [['a', 250], ['b', 751]]) // prettier-ignore

  const passing = defineJob(async ({ stream, outlets, stopEvent }) => {
    stream.reader.cursor = 0
    const info = { name: 'out', channelCount: 2, channelFormat: 'float32' } as const
    const derivation = derive(stream.ring, ({ data }) => data as Float32Array, { info, pushChunk: (...chunk) => outlets['out']!.pushChunk(...chunk) }) // prettier-ignore
    await derivation.run(stopEvent)
    t.match(derivation.stats, { framesOut: derivation.stats.framesIn, lost: 0 })
  })
  const { outlets } = await runJob(passing, { signal })
  const passed = outlets['out']!.flatMap(({ data }) => data)
  t.strictSame(passed, [...data].slice(data.length - passed.length))
})

t.test('what a job throws is what runJob rejects with', async t => {
  const failing = defineJob(() => {
    throw new Error('no')
  })
  await t.rejects(runJob(failing, { signal }), { message: 'no' })
  const { default: job } = (await import(fixture('power.job.js'))) as { default: DefinedJob<object, unknown> }
  await t.rejects(runJob(job, { signal, config: { band: [8, 12], fails: true } }), { message: 'told to fail' })
  await t.rejects(runJob(job, { sginal: signal } as never), { name: 'TypeError', message: /did you mean 'signal'/ })
})

t.test('a stamp at which time would never arrive is refused', async t => {
  const times = Float64Array.from({ length: 1000 }, (_, i) => (i === 500 ? Infinity : i))
  const job = defineJob(({ every }) => every(1, () => undefined))
  await t.rejects(runJob(job, { signal: { ...signal, times } }), { name: 'RangeError', message: /signal\.times/ })
})

t.test('a period that a job could not be given is refused here as there', async t => {
  for (const seconds of [0, -1, NaN, Infinity])
    await t.rejects(runJob(defineJob(({ every }) => every(seconds, () => undefined)), { signal }), { name: 'RangeError' }) // prettier-ignore
})
