import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import { ENGINES } from '../support/lsl/engines.js'
import { wheelLibrary } from '../support/lsl/libraries.js'
import { Dejitter } from '../../src/lsl/builtin/clock/dejitter.js'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'

const RATE = 100
const library = wheelLibrary()

for (const engine of ENGINES) {
  // liblsl 1.10 has no post-processing.
  const skip = engine === 'liblsl' && library === undefined && 'no current liblsl: npm run test:interop installs one'
  t.test(`the post-processing of a running inlet and its half-time can be changed (${engine})`, { skip }, async t => {
    const info = new StreamInfo({ name: uniqueName('processing'), channelCount: 1, nominalSrate: RATE })
    await using outlet = new StreamOutlet(info, { engine: 'builtin' })
    const options = { engine, ...(engine === 'liblsl' && library !== undefined && { library }) }
    const [found] = await resolveByProp('uid', outlet.info.uid, { timeoutS: 10, ...options })
    await using inlet = new StreamInlet(found!, { ...options, processing: { monotonize: true } })
    await inlet.open(10)
    if (!(await outlet.waitForConsumers(30))) throw new Error('the inlet was not seen')

    const through = async (stamps: readonly number[]): Promise<number[]> => {
      outlet.pushChunk(new Float32Array(stamps.length), Float64Array.from(stamps))
      const times: number[] = []
      while (times.length < stamps.length) {
        const chunk = await inlet.pullChunk({ timeoutS: 10 })
        if (chunk.frames === 0) throw new Error('no sample within 10 s')
        times.push(...chunk.times)
      }
      return times
    }
    const jittered = (fromS: number): number[] =>
      Array.from({ length: 300 }, (_, i) => fromS + i / RATE + 0.003 * Math.sin(i * i))
    const line = (stamps: readonly number[], halftimeS: number): number[] => {
      const dejitter = new Dejitter(stamps[0]!, RATE, halftimeS)
      return stamps.map(stamp => dejitter.apply(stamp))
    }
    const worst = (a: readonly number[], b: readonly number[]): number =>
      Math.max(...a.map((stamp, i) => Math.abs(stamp - b[i]!)))

    t.same(await through([10, 9, 11]), [10, 10, 11])
    await inlet.setProcessing({ monotonize: false })
    t.same(await through([10, 9, 11]), [10, 9, 11])
    await inlet.setProcessing({ monotonize: true })
    t.same(await through([8, 7, 9]), [8, 8, 9], 'what came before it was switched on does not count')
    await inlet.setProcessing({ monotonize: false, dejitter: true, halftimeS: 0.5 })
    for (const [fromS, halftimeS] of [
      [100, 0.5],
      [200, 50],
    ] as const) {
      await inlet.setProcessing({ halftimeS })
      const stamps = jittered(fromS)
      const smoothed = await through(stamps)
      t.ok(worst(smoothed, line(stamps, halftimeS)) < 1e-6, `half-time ${halftimeS} s`)
      t.ok(worst(smoothed, line(stamps, halftimeS === 50 ? 0.5 : 50)) > 1e-4, 'and no other')
    }
    await inlet.setProcessing({ dejitter: false })
    t.same(await through(jittered(300)), jittered(300))

    await inlet.setProcessing({ clockSync: true }, 10)
    const { offsetS } = await inlet.timeCorrection()
    const [synchronized] = await through([400])
    t.ok(Math.abs(synchronized! - 400 - offsetS) < 0.05, `${synchronized! - 400} s where the offset is ${offsetS} s`)

    await t.rejects(inlet.setProcessing({ deJitter: true } as never), { message: /did you mean .*dejitter/ })
    await t.rejects(inlet.setProcessing({ halftimeS: 0 }), { name: 'RangeError' })
    await inlet.close()
    await t.rejects(inlet.setProcessing({ dejitter: true }), { code: 'ERR_CLOSED' })
  })
}

t.test('what is set before an inlet is opened counts from its first sample', async t => {
  const info = new StreamInfo({ name: uniqueName('processing'), channelCount: 1 })
  await using outlet = new StreamOutlet(info, { engine: 'builtin' })
  const [found] = await resolveByProp('uid', outlet.info.uid, { timeoutS: 10, engine: 'builtin' })
  await using inlet = new StreamInlet(found!, { engine: 'builtin' })
  await inlet.setProcessing({ monotonize: true })
  await inlet.open(10)
  t.ok(await outlet.waitForConsumers(30))
  outlet.pushChunk([[1], [2]], Float64Array.of(2, 1))
  t.same([(await inlet.pullSample(10))?.timestamp, (await inlet.pullSample(10))?.timestamp], [2, 2])
})
