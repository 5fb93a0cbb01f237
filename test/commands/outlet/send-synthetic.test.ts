import t from 'tap'
import { localClock } from '../../../src/clock.js'
import { sendEeg, sendMarkers } from '../../../src/commands/outlet/send-synthetic.js'
import { SyntheticEeg } from '../../../src/commands/outlet/synthetic-eeg.js'

t.test(
  'the EEG goes out in chunks of the wanted size, the last one shorter, with regular stamps of the last samples',
  async t => {
    const pushes: { length: number; stamp: number }[] = []
    const target = {
      pushChunk: (data: ArrayLike<unknown>, stamp: number) => pushes.push({ length: data.length, stamp }),
    }
    const eeg = new SyntheticEeg({ channels: 2, rate: 1000 })
    const before = localClock()
    const sent = await sendEeg(eeg, target, { rate: 1000, chunk: 4, frames: 10 })
    t.same(sent, { sent: 10, skipped: 0 })
    t.same(pushes.map(push => push.length), [8, 8, 4]) // prettier-ignore
    t.ok(pushes[0]!.stamp >= before + 0.004 && pushes[2]!.stamp <= localClock())
    t.same(pushes.map(({ stamp }) => Math.round((stamp - pushes[0]!.stamp) * 1e6)), [0, 4000, 6000]) // prettier-ignore
  },
)

t.test('stamps of the push are taken when the chunk is handed over', async t => {
  const ages: number[] = []
  const target = { pushChunk: (_: unknown, stamp: number) => ages.push(localClock() - stamp) }
  const eeg = new SyntheticEeg({ channels: 1, rate: 500 })
  await sendEeg(eeg, target, { rate: 500, chunk: 1, frames: 20, stamps: 'push' })
  t.ok(ages.every(age => age >= 0))
  t.ok(Math.min(...ages) < 1 / 500, `the smallest age is ${Math.min(...ages)} s, less than a period`)
})

t.test('markers come with one value per channel until they are stopped, the same for the same seed', async t => {
  const run = async (): Promise<string[][]> => {
    const controller = new AbortController()
    const pushed: string[][] = []
    const pushSample = (values: string[]): void => {
      pushed.push(values)
      if (pushed.length === 5) controller.abort()
    }
    t.equal(await sendMarkers({ pushSample }, { perSecond: 200, channels: 2, seed: 3, signal: controller.signal }), 5)
    return pushed
  }
  const first = await run()
  t.same(await run(), first)
  t.ok(first.every(values => values.length === 2 && values.every(value => value !== '')))
})
