import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { ENGINES } from '../../support/lsl/engines.js'
import { event, firstFrames } from '../../support/watcher-events.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { resolveByProp } from '../../../src/lsl/resolve.js'
import { StreamOutlet } from '../../../src/lsl/stream-outlet.js'
import { StreamWatcher } from '../../../src/stream-watcher.js'

for (const engine of ENGINES)
  t.test(`a stream is found, and found again, by a source id that no query can carry (${engine})`, async t => {
    const options = { name: uniqueName('odd'), channelCount: 1, sourceId: `${uniqueName('amp')}\n` }
    const outletOf = (): StreamOutlet => new StreamOutlet(new StreamInfo(options), { engine: 'builtin' })
    let outlet = outletOf()
    t.teardown(() => outlet.close())
    const pushing = setInterval(() => outlet.pushSample([1]), 5)
    t.teardown(() => clearInterval(pushing))
    const [found] = await resolveByProp('source_id', options.sourceId, { timeoutS: 10, engine })
    t.equal(found?.uid, outlet.info.uid)
    await using watcher = new StreamWatcher({ name: options.name, engine })
    await watcher.connectToStream({ sourceId: options.sourceId, timeoutS: 20 })
    await firstFrames(watcher, 5)
    const lost = event(watcher, 'lost')
    const recovered = event(watcher, 'recovered')
    const first = outlet
    outlet = outletOf()
    await first.close()
    await lost
    t.match(await recovered, { after: 'lost' })
  })
