import { options } from '../check.js'
import { PROTOCOL_VERSION } from './builtin/codec/wire.js'
import { chooseEngine, ENGINE_CHECKS } from './choose-engine.js'
import type { EngineOptions } from './choose-engine.js'

const checked = options<EngineOptions>('libraryVersion', "libraryVersion({ engine: 'liblsl' })", ENGINE_CHECKS)

/** The version of the C library that is used, as `1.16.2`; `protocol 110` where it is the builtin engine. */
export function libraryVersion(options?: EngineOptions): string {
  return chooseEngine(checked(options)).version
}

/** The version of the LSL protocol that both engines speak: 110 is 1.10. */
export function protocolVersion(): number {
  return PROTOCOL_VERSION
}
