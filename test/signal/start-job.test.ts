import '../support/loopback.js'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import { RingBuffer } from '../../src/ring/ring-buffer.js'
import { JobOutlet } from '../../src/signal/jobs/job-outlet.js'
import { startJob } from '../../src/signal/jobs/start-job.js'
import { uniqueName } from '../support/loopback.js'
import { ENGINES } from '../support/lsl/engines.js'
import { fixture } from '../support/project.js'

const module = pathToFileURL(fixture('power.job.js'))
const quiet = { level: 'silent', debug() {}, info() {}, warn() {}, error() {} } as never

for (const engine of ENGINES)
  t.test(
    `${engine}: an outlet that a module declares is there before its job, and stays while jobs come and go`,
    async t => {
      const name = uniqueName('power')
      await using outlet = new JobOutlet({ name, channelCount: 2, nominalSrate: 250, sourceId: name }, { engine })
      const [found] = await resolveByProp('name', name, { timeoutS: 20 })
      t.equal(found?.name, name)
      await using inlet = new StreamInlet(found!)
      await inlet.open(20)
      while (!outlet.haveConsumers) await new Promise(setImmediate)
      const signal = RingBuffer.allocate({ frames: 1000, channels: 2, nominalSrate: 250 })
      for (const start of [5000, 6000]) {
        const times = Float64Array.from({ length: 100 }, (_, i) => start + i / 250)
        let results = 0
        let resolveRead: () => void = () => undefined
        const isRead = new Promise<void>(resolve => (resolveRead = resolve))
        const onResult = ({ frames }: { frames: number }): void => {
          // With its first result it reads, and it begins with what comes after its start.
          if (results++ === 0) signal.addSamples(new Float32Array(200).fill(3), times)
          if (frames === 100) resolveRead()
        }
        const config = { band: [8, 12], everyS: 0.02 }
        const job = startJob(module, { streams: [signal], outlets: { power: outlet }, config, onResult, logger: quiet })
        t.teardown(() => job.stop())
        await isRead
        t.equal((await job.stop()).outcome, 'returned')
        const stamps: number[] = []
        while (stamps.length < 100) stamps.push(...(await inlet.pullChunk({ timeoutS: 20 })).times)
        t.strictSame(stamps, [...times], 'with the stamps of the source')
        t.equal((await resolveByProp('name', name, { timeoutS: 20 })).length, 1, 'a recorder still sees it')
      }
    },
  )

t.test('what is thrown by every() ends the job with its error', async t => {
  await using outlet = new JobOutlet({ name: uniqueName('power'), channelCount: 2, nominalSrate: 250 })
  const signal = RingBuffer.allocate({ frames: 1000, channels: 2, nominalSrate: 250 })
  const config = { band: [8, 12], everyS: 0.01, fails: true }
  const job = startJob(module, { streams: [signal], outlets: { power: outlet }, config, logger: quiet })
  t.match(await job.done, { outcome: 'failed', error: { message: 'told to fail' } })
})
