import '../support/loopback.js'
import t from 'tap'
import { chooseEngine, engineChoice, ENGINE_VARIABLE } from '../../src/lsl/choose-engine.js'
import type { EngineName } from '../../src/lsl/choose-engine.js'
import { LIBRARY_VARIABLES } from '../../src/lsl/liblsl/find-library.js'
import { runNode } from '../support/child.js'
import { OLD_LIBRARY, needsOldLiblsl } from '../support/lsl/libraries.js'

t.test('liblsl is taken where it is found, and says which it is', needsOldLiblsl(), async t => {
  for (const engine of [undefined, 'auto', 'liblsl'] as const) {
    const chosen = chooseEngine({ library: OLD_LIBRARY, ...(engine && { engine }) })
    t.match(chosen, { name: 'liblsl', version: '1.10', location: OLD_LIBRARY })
  }
})

t.test('an engine that does not exist is refused by name', async t => {
  t.throws(() => chooseEngine({ engine: 'LIBLSL' as EngineName }), {
    name: 'RangeError',
    message: /^engine .*"LIBLSL"/,
  })
})

t.test('a library that is named but not there is an error, not another library', async t => {
  t.throws(() => chooseEngine({ library: '/nowhere/liblsl.so' }), {
    code: 'ERR_LIBLSL_NOT_FOUND',
    message: /option library names \/nowhere\/liblsl\.so/,
  })
})

t.test(
  "the environment says what 'auto' is, options go before it, and a wrong word is refused",
  needsOldLiblsl(),
  async t => {
    t.teardown(() => (process.env[ENGINE_VARIABLE] = ''))
    process.env[ENGINE_VARIABLE] = 'builtin'
    t.equal(chooseEngine().name, 'builtin')
    t.equal(chooseEngine({ engine: 'auto' }).name, 'builtin')
    t.equal(chooseEngine({ library: OLD_LIBRARY }).name, 'liblsl')
    t.equal(chooseEngine({ engine: 'liblsl', library: OLD_LIBRARY }).name, 'liblsl')
    process.env[ENGINE_VARIABLE] = 'other'
    t.throws(() => chooseEngine(), { name: 'RangeError', message: /DAREPLANE_ENGINE .*"other"/ })
    t.equal(chooseEngine({ engine: 'builtin' }).name, 'builtin')
  },
)

t.test('a choice says why', needsOldLiblsl(), async t => {
  t.teardown(() => (process.env[ENGINE_VARIABLE] = ''))
  t.equal(engineChoice({ engine: 'builtin' }).reason, 'the option engine says so')
  t.equal(engineChoice({ library: OLD_LIBRARY }).reason, 'the option library names the library')
  t.equal(engineChoice().reason, 'LSL_LIB names the library')
  process.env[ENGINE_VARIABLE] = 'builtin'
  t.equal(engineChoice().reason, 'DAREPLANE_ENGINE says so')
})

t.test(
  'the builtin engine needs no native code: where there is no liblsl and no koffi, it is what auto takes',
  async t => {
    const script = `
    import Module from 'node:module'
    const load = Module._load
    Module._load = (name, ...rest) => {
      if (name === 'koffi') throw new Error('no binary for this platform')
      return load(name, ...rest)
    }
    const { chooseEngine, engineChoice } = await import(${JSON.stringify(new URL('../../src/lsl/choose-engine.js', import.meta.url))})
    console.log(chooseEngine().name)
    console.log(engineChoice().reason.split(';')[0])
    try { chooseEngine({ engine: 'liblsl' }) } catch (error) { console.log(error.code) }
  `
    const env: NodeJS.ProcessEnv = {}
    for (const variable of [...LIBRARY_VARIABLES, ENGINE_VARIABLE, 'CONDA_PREFIX', 'VIRTUAL_ENV']) env[variable] = ''
    const { stdout } = await runNode(['--input-type=module', '-e', script], { env })
    t.same(stdout.trim().split('\n'), ['builtin', 'no liblsl found', 'ERR_LIBLSL_NOT_FOUND'])
  },
)
