import { DareplaneError } from '../errors.js'
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

/** An engine, and why it is this one. */
export interface EngineChoice {
  readonly engine: Engine
  readonly reason: string
}

/** The engine to use in this thread. Throws ERR_LIBLSL_NOT_FOUND, RangeError for an unknown name. */
export function chooseEngine(options: EngineOptions = {}): Engine {
  return engineChoice(options).engine
}

/** As {@link chooseEngine}, with the reason for a human. */
export function engineChoice({ engine, library }: EngineOptions = {}): EngineChoice {
  const asked = checkEngineName(engine)
  const ofEnvironment = asked === 'auto' && library === undefined ? engineOfEnvironment() : 'auto'
  const reason = ofEnvironment === 'auto' ? 'the option engine says so' : `${ENGINE_VARIABLE} says so`
  switch (ofEnvironment === 'auto' ? asked : ofEnvironment) {
    case 'auto':
      return automaticChoice(library)
    case 'liblsl':
      return { engine: liblslEngine(library), reason }
    case 'builtin':
      return { engine: builtinEngine(), reason }
  }
}

function engineOfEnvironment(): EngineName {
  const name = process.env[ENGINE_VARIABLE] ?? ''
  const known = ENGINE_NAMES.find(engine => engine === name)
  if (name !== '' && known === undefined)
    throw new RangeError(`${ENGINE_VARIABLE} must be one of ${ENGINE_NAMES.join(', ')}, not ${JSON.stringify(name)}`)
  return known ?? 'auto'
}

let automatic: EngineChoice | undefined

/** A library that is named and does not load is an error, not a reason to take the other engine. */
function automaticChoice(library: string | undefined): EngineChoice {
  const variable = LIBRARY_VARIABLES.find(name => (process.env[name] ?? '') !== '')
  const named = library === undefined ? variable : 'the option library'
  if (named !== undefined) return { engine: liblslEngine(library), reason: `${named} names the library` }
  if (automatic !== undefined) return automatic
  try {
    automatic = { engine: liblslEngine(), reason: 'a liblsl that is new enough was found' }
  } catch (error) {
    if (!(error instanceof DareplaneError) || error.code !== 'ERR_LIBLSL_NOT_FOUND') throw error
    automatic = { engine: builtinEngine(), reason: error.message.split('. ')[0] ?? '' }
  }
  return automatic
}
