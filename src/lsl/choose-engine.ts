import { DareplaneError } from '../errors.js'
import type { Engine } from './engine.js'
import { liblslEngine } from './liblsl/liblsl-engine.js'

export type EngineName = 'auto' | 'liblsl' | 'builtin'

/** Which implementation of LSL to use. */
export interface EngineOptions {
  /** Default 'auto': liblsl when one of 1.16 or newer is found or one is named by the environment. */
  readonly engine?: EngineName
  /** The file or folder of the C library; goes before LSL_LIB, PYLSL_LIB, MNE_LSL_LIB and LIBLSL_PATH. */
  readonly library?: string
}

/** The engine to use in this thread. Throws ERR_LIBLSL_NOT_FOUND or ERR_ENGINE_UNAVAILABLE, RangeError for an unknown name. */
export function chooseEngine({ engine = 'auto', library }: EngineOptions = {}): Engine {
  switch (engine) {
    case 'auto':
    case 'liblsl':
      return liblslEngine(library)
    case 'builtin':
      throw new DareplaneError('ERR_ENGINE_UNAVAILABLE', "engine 'builtin' is not part of this version; use 'liblsl'")
    default:
      throw new RangeError(`engine must be 'auto', 'liblsl' or 'builtin', not '${String(engine)}'`)
  }
}
