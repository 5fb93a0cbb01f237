import '../support/loopback.js'
import t from 'tap'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { Dareplane, dareplane } from '../support/dareplane.js'
import { needsLiblsl } from '../support/lsl/libraries.js'
import { uniqueName } from '../support/loopback.js'

t.test('doctor names engine, library, network and configuration, and passes its self-test', needsLiblsl(), async t => {
  const { code, stdout } = await dareplane('doctor')
  t.equal(code, 0)
  t.match(stdout, /^engine +liblsl 1\.\d+ .*liblsl.*, as LSL_LIB names the library$/m)
  t.match(stdout, /^network .*\b127\.0\.0\.1\b/m)
  t.match(stdout, /^configuration +.*lsl_api\.cfg$/m)
  t.match(stdout, /^ +multicast\.ResolveScope = machine$/m)
  t.match(stdout, /^self-test +ok: 100 of 100 samples came back/m)
  t.match(stdout, /^advice .*$/m)
})

t.test('doctor exits non-zero, still telling all it knows, when there is no library', async t => {
  await using run = new Dareplane(['doctor'], { LSL_LIB: '/nowhere/liblsl.so', DAREPLANE_ENGINE: '' })
  const { code, stdout } = await run.ended
  t.equal(code, 1)
  t.match(stdout, /^engine +.*\/nowhere\/liblsl\.so/m)
  t.match(stdout, /^network /m)
  t.match(stdout, /^self-test +FAILED/m)
})

t.test('doctor names a stream that is stamped with Unix time', async t => {
  const name = uniqueName('unix')
  const outlet = new StreamOutlet(new StreamInfo({ name, channelCount: 1, nominalSrate: 100, sourceId: name }))
  t.teardown(() => outlet.close())
  const sending = setInterval(() => outlet.pushSample([1], Date.now() / 1000), 10)
  t.teardown(() => clearInterval(sending))
  const { stdout } = await dareplane('doctor')
  t.match(stdout, new RegExp(`- the stamps of "${name}" are Unix time, not LSL clock`))
  t.match(stdout, /^streams +\d+ on the network, [1-9]\d* of them with stamps of another clock$/m)
})
