import './loopback.js'
import type { EngineName } from '../../src/lsl/choose-engine.js'

/** Every engine that conformance tests run for; `loopback.js` names the C library. */
export const ENGINES = ['liblsl', 'builtin'] as const satisfies readonly EngineName[]

/** Every engine's outlets with every engine's inlets. */
export const ENGINE_PAIRS = ENGINES.flatMap(outlet => ENGINES.map(inlet => ({ outlet, inlet })))

/** Tests that run as they are on what 'auto' is, the C library; `engines.test.ts` runs them again on each other engine. */
export const TESTS_OF_ANY_ENGINE = [
  'lsl/resolve.test.ts',
  'lsl/stream-inlet.test.ts',
  'lsl/stream-outlet.test.ts',
  'stream-watcher.test.ts',
  'watcher/faults.test.ts',
  'watcher/many.test.ts',
  'watcher/recordings.test.ts',
]
