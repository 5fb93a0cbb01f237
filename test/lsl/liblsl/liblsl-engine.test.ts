import '../../support/loopback.js'
import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { chooseEngine } from '../../../src/lsl/choose-engine.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { OLD_LIBRARY, needsLiblsl, needsOldLiblsl } from '../../support/lsl/libraries.js'

t.test('it says which library it is', needsOldLiblsl(), async t => {
  t.match(chooseEngine({ engine: 'liblsl', library: OLD_LIBRARY }), {
    name: 'liblsl',
    version: '1.10',
    location: OLD_LIBRARY,
  })
})

t.test('a stream that it resolves has the identity of the outlet that it made', needsLiblsl(), async t => {
  const engine = chooseEngine({ engine: 'liblsl' })
  const asked = new StreamInfo({ name: uniqueName('engine'), type: 'EEG', channelCount: 4, nominalSrate: 250 })
  const outlet = engine.createOutlet(asked, { chunkSize: 0, maxBufferedS: 1 })
  t.teardown(() => outlet.close())
  const [found] = await engine.resolve(`name='${asked.name}'`, { minimum: 1, timeoutS: 10 })
  t.match(found, { uid: outlet.info.uid, type: 'EEG', channelCount: 4, nominalSrate: 250, sourceId: asked.sourceId })
  t.equal(found?.createdAt, outlet.info.createdAt)
})
