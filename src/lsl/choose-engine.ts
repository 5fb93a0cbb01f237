import { errorCode } from '../errors.js'
import { builtinEngine } from './builtin/builtin-engine.js'
import type { Engine } from './engine.js'
import { LIBRARY_VARIABLES } from './liblsl/find-library.js'
import { liblslEngine } from './liblsl/liblsl-engine.js'

const ENGINE_NAMES = ['auto', 'liblsl', 'builtin'] as const
export type EngineName = (typeof ENGINE_NAMES)[number]

/** Which implementation of LSL to use. */
export interface EngineOptions {
  /** Default 'auto': what DAREPLANE_ENGINE says, else liblsl when one of 1.16 or newer is found or any is named by the environment, else builtin. */
  readonly engine?: EngineName
  /** The file or folder of the C library; goes before LSL_LIB, PYLSL_LIB, MNE_LSL_LIB and LIBLSL_PATH. */
  readonly library?: string
}

/** Environment variable that says what 'auto' is: 'liblsl' or 'builtin'. */
export const ENGINE_VARIABLE = 'DAREPLANE_ENGINE'

/** Throws RangeError naming the option `engine` where it is none. */
export function checkEngineName(engine: EngineName = 'auto'): EngineName {
  if (ENGINE_NAMES.includes(engine)) return engine
  throw new RangeError(`engine must be one of ${ENGINE_NAMES.join(', ')}, not ${JSON.stringify(engine)}`)
}

/** The engine to use in this thread. Throws ERR_LIBLSL_NOT_FOUND, RangeError for an unknown name. */
export function chooseEngine({ engine, library }: EngineOptions = {}): Engine {
  const asked = checkEngineName(engine)
  switch (asked === 'auto' && library === undefined ? engineOfEnvironment() : asked) {
    case 'auto':
      return automaticEngine(library)
    case 'liblsl':
      return liblslEngine(library)
    case 'builtin':
      return builtinEngine()
  }
}

function engineOfEnvironment(): EngineName {
  const name = process.env[ENGINE_VARIABLE] ?? ''
  const known = ENGINE_NAMES.find(engine => engine === name)
  if (name !== '' && known === undefined)
    throw new RangeError(`${ENGINE_VARIABLE} must be one of ${ENGINE_NAMES.join(', ')}, not ${JSON.stringify(name)}`)
  return known ?? 'auto'
}

let automatic: Engine | undefined

/** A library that is named and does not load is an error, not a reason to take the other engine. */
function automaticEngine(library: string | undefined): Engine {
  const named = library !== undefined || LIBRARY_VARIABLES.some(variable => (process.env[variable] ?? '') !== '')
  if (named) return liblslEngine(library)
  if (automatic !== undefined) return automatic
  try {
    automatic = liblslEngine()
  } catch (error) {
    if (errorCode(error) !== 'ERR_LIBLSL_NOT_FOUND') throw error
    automatic = builtinEngine()
  }
  return automatic
}
