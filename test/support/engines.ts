import './loopback.js'
import type { EngineName } from '../../src/lsl/choose-engine.js'

/** Every engine that conformance tests run for; `loopback.js` names the C library. */
export const ENGINES = ['liblsl', 'builtin'] as const satisfies readonly EngineName[]

/** Every engine's outlets with every engine's inlets. */
export const ENGINE_PAIRS = ENGINES.flatMap(outlet => ENGINES.map(inlet => ({ outlet, inlet })))
