// A stream that is announced, and gone when it is connected to.
import t from 'tap'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../../src/lsl/stream-outlet.js'
import { StreamWatcher } from '../../../src/stream-watcher.js'
import { fakeOutlet } from '../../support/fake-outlet.js'
import { uniqueName } from '../../support/loopback.js'

t.test('a stream that goes away while it is connected to is sought again, and found when it is back', async t => {
  const name = uniqueName('vanishing')
  const fake = await fakeOutlet(t, { fields: { name }, serve: socket => socket.destroy() })
  const watcher = new StreamWatcher({ name, engine: 'builtin' })
  t.teardown(() => watcher.disconnect())
  const refused = new Promise<{ readonly reason: string }>(resolve => watcher.once('refused', resolve))
  const connecting = watcher.connectToStream({ timeoutS: 30 })
  t.match((await refused).reason, name)
  await fake.close()
  const outlet = new StreamOutlet(new StreamInfo({ name, channelCount: 1 }), { engine: 'builtin' })
  t.teardown(() => outlet.close())
  await connecting
  t.equal(watcher.state, 'connected')
})

t.test('one that never serves is an error in time, which says what it does', async t => {
  const name = uniqueName('never-serves')
  await fakeOutlet(t, { fields: { name }, serve: socket => socket.destroy() })
  const watcher = new StreamWatcher({ name, engine: 'builtin' })
  await t.rejects(watcher.connectToStream({ timeoutS: 1 }), { code: 'ERR_STREAM_LOST', message: name })
})
