import '../../support/loopback.js'
import t from 'tap'
import { loadLibrary } from '../../../src/lsl/liblsl/library.js'
import { PROTOTYPES } from '../../../src/lsl/liblsl/prototypes.js'
import type { LslFunctions } from '../../../src/lsl/liblsl/prototypes.js'
import { OLD_LIBRARY, needsOldLiblsl, wheelLibrary } from '../../support/lsl/libraries.js'

const names = [...PROTOTYPES.keys()] as (keyof LslFunctions)[]
const missingIn = (path: string): string[] => names.filter(name => !loadLibrary(path).has(name))

t.test('of liblsl 1.10 exactly what was added later is missing', needsOldLiblsl(), async t => {
  t.same(missingIn(OLD_LIBRARY).sort(), [
    'lsl_create_inlet_ex',
    'lsl_inlet_flush',
    'lsl_library_info',
    'lsl_set_postprocessing',
    'lsl_smoothing_halftime',
    'lsl_time_correction_ex',
  ])
})

const current = wheelLibrary()
t.test(
  'a current liblsl has every function',
  { skip: current === undefined && 'no wheel: npm run test:interop' },
  async t => t.same(missingIn(current!), []),
)

t.test('every prototype names its own function, six times where there is one for each format', async t => {
  for (const [name, prototype] of PROTOTYPES) t.match(prototype, new RegExp(`[ *]${name}\\(`))
  t.equal(names.filter(name => name.startsWith('lsl_pull_chunk_')).length, 6)
  t.equal(names.filter(name => name.startsWith('lsl_push_chunk_')).length, 12)
})
