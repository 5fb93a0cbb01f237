import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import { ENGINES } from '../support/lsl/engines.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import type { StreamInfoOptions } from '../../src/lsl/stream-info.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'

for (const engine of ENGINES) {
  t.test(`an inlet can be made on a stream that is not there yet (${engine})`, async t => {
    const name = uniqueName('awaited')
    const described = (options: Partial<StreamInfoOptions> = {}): StreamInfo =>
      new StreamInfo({ name, channelCount: 2, ...options })
    await using inlet = new StreamInlet(described(), { engine })
    await t.rejects(inlet.open(0.1), { code: 'ERR_STREAM_NOT_FOUND', message: new RegExp(`${name}.* within 0.1 s`) })

    const opened = inlet.open(60)
    await using _wide = new StreamOutlet(described({ channelCount: 3, sourceId: 'wide' }))
    await using _whole = new StreamOutlet(described({ channelFormat: 'int16', sourceId: 'whole' }))
    await t.rejects(new StreamInlet(described(), { engine }).open(1), { code: 'ERR_STREAM_NOT_FOUND' })
    await using first = new StreamOutlet(described({ type: 'EEG', sourceId: 'first' }))
    await opened
    t.equal(inlet.info.uid, first.info.uid, 'of another shape it would be another stream')
    t.ok(await first.waitForConsumers(30))
    first.pushSample([1, 2], 5)
    t.same(await inlet.pullSample(10), { values: Float32Array.of(1, 2), timestamp: 5 })

    await using second = new StreamOutlet(described({ type: 'Power', sourceId: 'second' }))
    await using unclear = new StreamInlet(described(), { engine })
    await t.rejects(unclear.open(10), { code: 'ERR_STREAM_AMBIGUOUS', message: /sourceId/ })
    for (const which of [{ sourceId: 'second' }, { type: 'Power' }]) {
      await using clear = new StreamInlet(described(which), { engine })
      await clear.open(10)
      t.equal(clear.info.uid, second.info.uid)
    }
  })

  t.test(`waiting for a stream ends with close (${engine})`, async t => {
    const inlet = new StreamInlet(new StreamInfo({ name: uniqueName('never'), channelCount: 1 }), { engine })
    const rejected = t.rejects(inlet.open(Infinity), { code: 'ERR_CLOSED' })
    await inlet.close()
    await rejected
  })
}
