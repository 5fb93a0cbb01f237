import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import { localClock } from '../../src/clock.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import type { StreamFeed } from '../../src/view/stream-feed.js'
import { StreamTable } from '../../src/view/stream-table.js'

t.test(
  'a stream that is long lost costs no thread, stays as lost, and gives way to itself when it is back',
  async t => {
    const name = uniqueName('away')
    const info = { name, type: 'EEG', channelCount: 1, nominalSrate: 100, sourceId: name }
    const appeared: StreamFeed[] = []
    const gone: string[] = []
    let wake = (): void => undefined
    const table = new StreamTable(
      {
        appeared: feed => {
          appeared.push(feed)
          wake()
        },
        gone: key => gone.push(key),
      },
      () => undefined,
      0,
    )
    t.teardown(() => table.close())
    table.follow(`name='${name}'`)
    const next = async (count: number): Promise<StreamFeed> => {
      while (appeared.length < count) await new Promise<void>(resolve => (wake = resolve))
      return appeared[count - 1]!
    }

    const outlet = new StreamOutlet(new StreamInfo(info))
    const first = await next(1)
    await outlet.waitForConsumers(30)
    outlet.pushSample([1])
    const lost = new Promise<void>(resolve => first.watcher.once('lost', () => resolve()))
    await outlet.close()
    await lost
    while (first.watcher.state !== 'disconnected') {
      table.poll(localClock())
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    t.equal(first.status(localClock()).state, 'lost')
    t.same([...table.feeds.values()], [first])

    const again = new StreamOutlet(new StreamInfo(info))
    t.teardown(() => again.close())
    const second = await next(2)
    t.not(second.status(localClock()).state, 'lost')
    t.same(gone, [first.description.key])
    t.same([...table.feeds.values()], [second])
  },
)
