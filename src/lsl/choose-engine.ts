import { DareplaneError } from '../errors.js'
import type { Engine } from './engine.js'
import { liblslEngine } from './liblsl/liblsl-engine.js'

const ENGINE_NAMES = ['auto', 'liblsl', 'builtin'] as const
export type EngineName = (typeof ENGINE_NAMES)[number]

/** Which implementation of LSL to use. */
export interface EngineOptions {
  /** Default 'auto': liblsl when one of 1.16 or newer is found or one is named by the environment. */
  readonly engine?: EngineName
  /** The file or folder of the C library; goes before LSL_LIB, PYLSL_LIB, MNE_LSL_LIB and LIBLSL_PATH. */
  readonly library?: string
}

/** Throws RangeError naming the option `engine` where it is none. */
export function checkEngineName(engine: EngineName = 'auto'): EngineName {
  if (ENGINE_NAMES.includes(engine)) return engine
  throw new RangeError(`engine must be one of ${ENGINE_NAMES.join(', ')}, not ${JSON.stringify(engine)}`)
}

/** The engine to use in this thread. Throws ERR_LIBLSL_NOT_FOUND or ERR_ENGINE_UNAVAILABLE, RangeError for an unknown name. */
export function chooseEngine({ engine, library }: EngineOptions = {}): Engine {
  if (checkEngineName(engine) === 'builtin')
    throw new DareplaneError('ERR_ENGINE_UNAVAILABLE', "engine 'builtin' is not part of this version; use 'liblsl'")
  return liblslEngine(library)
}
