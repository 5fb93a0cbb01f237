import '../support/loopback.js'
import t from 'tap'
import { checkEngineName, chooseEngine } from '../../src/lsl/choose-engine.js'
import type { EngineName } from '../../src/lsl/choose-engine.js'
import { OLD_LIBRARY } from '../support/lsl-libraries.js'

t.test('liblsl is taken where it is found, and says which it is', async t => {
  for (const engine of [undefined, 'auto', 'liblsl'] as const) {
    const chosen = chooseEngine({ library: OLD_LIBRARY, ...(engine && { engine }) })
    t.match(chosen, { name: 'liblsl', version: '1.10', location: OLD_LIBRARY })
  }
})

t.test('an engine that does not exist is refused by name', async t => {
  t.throws(() => checkEngineName('lsl' as EngineName), { name: 'RangeError', message: /^engine .*"lsl"/ })
  t.throws(() => chooseEngine({ engine: 'LIBLSL' as EngineName }), {
    name: 'RangeError',
    message: /^engine .*"LIBLSL"/,
  })
  t.equal(checkEngineName(), 'auto')
})

t.test('a library that is named but not there is an error, not another library', async t => {
  t.throws(() => chooseEngine({ library: '/nowhere/liblsl.so' }), {
    code: 'ERR_LIBLSL_NOT_FOUND',
    message: /option library names \/nowhere\/liblsl\.so/,
  })
})
