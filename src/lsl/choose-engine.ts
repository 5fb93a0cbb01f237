import { nonEmpty, oneOf } from '../check.js'
import type { Checks } from '../check.js'
import { DareplaneError } from '../errors.js'
import { builtinEngine } from './builtin/builtin-engine.js'
import { checkConfigForLiblsl, loadConfig } from './builtin/config/load-config.js'
import type { Engine } from './engine.js'
import { LIBRARY_VARIABLES } from './liblsl/find-library.js'
import { liblslEngine } from './liblsl/liblsl-engine.js'
import type { SearchTimes } from './liblsl/search-times.js'

export const ENGINE_NAMES = ['auto', 'liblsl', 'builtin'] as const
/** The two implementations of LSL, and `auto` for the one that suits this machine. */
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

export const ENGINE_CHECKS: Checks<EngineOptions> = { engine: oneOf(...ENGINE_NAMES), library: nonEmpty }

/** An engine, and why it is this one. */
export interface EngineChoice {
  readonly engine: Engine
  readonly reason: string
}

/** The engine to use in this thread. Throws ERR_LIBLSL_NOT_FOUND, ERR_CONFIG_INVALID, RangeError for an unknown name. */
export function chooseEngine(options: EngineOptions = {}): Engine {
  return engineChoice(options).engine
}

/** As {@link chooseEngine}, with the reason for a human. */
export function engineChoice(options: EngineOptions = {}): EngineChoice {
  // The configuration is read first: where it is wrong, no engine is started, as it could reach the whole network.
  loadConfig()
  const choice = chosen(options)
  // The C library would go on with its defaults, and say so on a terminal at best.
  if (choice.engine.name === 'liblsl') checkConfigForLiblsl()
  return choice
}

function chosen({ engine: asked = 'auto', library }: EngineOptions): EngineChoice {
  ENGINE_CHECKS.engine('engine', asked)
  const ofEnvironment = asked === 'auto' && library === undefined ? engineOfEnvironment() : 'auto'
  const reason = ofEnvironment === 'auto' ? 'the option engine says so' : `${ENGINE_VARIABLE} says so`
  switch (ofEnvironment === 'auto' ? asked : ofEnvironment) {
    case 'auto':
      return automaticChoice(library)
    case 'liblsl':
      return { engine: liblsl(library), reason }
    case 'builtin':
      return { engine: builtinEngine(), reason }
  }
}

function liblsl(library?: string): Engine {
  return liblslEngine(library, searchTimes())
}

/** When liblsl asks: known peers only after all others, and everybody again after that. */
export function searchTimes(): SearchTimes {
  const { config } = loadConfig()
  const everyS = config.continuousResolveIntervalS + config.multicastMinRttS
  if (config.knownPeers.length === 0) return { allAskedS: 0, everyS, givesUpS: [config.multicastMaxRttS] }
  return {
    allAskedS: config.multicastMinRttS,
    everyS: everyS + config.unicastMinRttS,
    givesUpS: [config.multicastMaxRttS, config.multicastMinRttS + config.unicastMaxRttS],
  }
}

function engineOfEnvironment(): EngineName {
  const name = process.env[ENGINE_VARIABLE] ?? ''
  const known = ENGINE_NAMES.find(engine => engine === name)
  if (name !== '') ENGINE_CHECKS.engine(ENGINE_VARIABLE, name)
  return known ?? 'auto'
}

let automatic: EngineChoice | undefined

/** A library that is named and does not load is an error, not a reason to take the other engine. */
function automaticChoice(library: string | undefined): EngineChoice {
  const variable = LIBRARY_VARIABLES.find(name => (process.env[name] ?? '') !== '')
  const named = library === undefined ? variable : 'the option library'
  if (named !== undefined) return { engine: liblsl(library), reason: `${named} names the library` }
  if (automatic !== undefined) return automatic
  try {
    automatic = { engine: liblsl(), reason: 'a liblsl that is new enough was found' }
  } catch (error) {
    if (!(error instanceof DareplaneError) || error.code !== 'ERR_LIBLSL_NOT_FOUND') throw error
    automatic = { engine: builtinEngine(), reason: error.message.split('. ')[0] ?? '' }
  }
  return automatic
}
