import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { ENGINES } from '../../support/lsl/engines.js'
import { inTime } from '../../support/in-time.js'
import { chooseEngine } from '../../../src/lsl/choose-engine.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'

for (const engine of ENGINES) {
  // As it is after a way through XML: without an address.
  const gone = new StreamInfo({
    ...new StreamInfo({ name: uniqueName('gone'), channelCount: 1, nominalSrate: 100 }).fields,
    uid: '00000000-0000-4000-8000-000000000000',
  })
  const options = { queueFrames: 100, recover: false, processing: {} }

  t.test(`an inlet on a stream that is gone looks for it as long as it may, on ${engine}`, async t => {
    const start = performance.now()
    const inlet = chooseEngine({ engine }).createInlet(gone, { ...options, timeoutS: 0.3 })
    await t.rejects(inlet, { code: 'ERR_STREAM_LOST' })
    t.ok(performance.now() - start >= 295)
  })

  t.test(`the search ends when it is aborted, on ${engine}`, async t => {
    const controller = new AbortController()
    const start = performance.now()
    const inlet = chooseEngine({ engine }).createInlet(gone, { ...options, timeoutS: 100, signal: controller.signal })
    setImmediate(() => controller.abort())
    await t.rejects(inlet, { code: 'ERR_CLOSED', message: /closed while looking for/ })
    inTime(t, 'aborted', performance.now() - start, 100)
  })
}
