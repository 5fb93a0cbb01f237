import t from 'tap'
import { Dareplane, dareplane } from '../support/dareplane.js'

t.test('doctor names engine, library, network and configuration, and passes its self-test', async t => {
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
  await using run = new Dareplane(['doctor'], { LSL_LIB: '/nowhere/liblsl.so' })
  const { code, stdout } = await run.ended
  t.equal(code, 1)
  t.match(stdout, /^engine +.*\/nowhere\/liblsl\.so/m)
  t.match(stdout, /^network /m)
  t.match(stdout, /^self-test +FAILED/m)
})
