import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { interpretConfig } from './interpret-config.js'
import type { LslConfig } from './lsl-config.js'
import { parseIni } from './parse-ini.js'

/** Settings, where they come from ('' for built in), and what is wrong with that file. */
export interface LoadedConfig {
  readonly config: LslConfig
  /** What the file itself says, as 'section.key'; empty where it is ignored as a whole. */
  readonly entries: ReadonlyMap<string, string>
  readonly path: string
  readonly fault: string | undefined
}

/** The files that liblsl would try, best first: LSLAPICFG, then the working directory, the home directory and /etc. */
export function configCandidates(env: NodeJS.ProcessEnv = process.env): string[] {
  const named = env['LSLAPICFG'] ?? ''
  const usual = ['lsl_api.cfg', join(homedir(), 'lsl_api', 'lsl_api.cfg'), '/etc/lsl_api/lsl_api.cfg']
  return named === '' ? usual : [named, ...usual]
}

/**
 * Reads the configuration file. As with liblsl a line that is no INI puts everything back to the defaults; a value that
 * means nothing is left out alone. Never throws: `fault` says in one line what was ignored.
 */
export function readConfig(path: string): LoadedConfig {
  const defaults = { config: interpretConfig(new Map()).config, entries: new Map<string, string>(), path }
  if (path === '') return { ...defaults, fault: undefined }
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ...defaults, fault: `${path} is ignored: ${reason}` }
  }
  const parsed = parseIni(text)
  if ('reason' in parsed) return { ...defaults, fault: `${path} is ignored: ${parsed.reason}` }
  const { entries } = parsed
  const { config, ignored } = interpretConfig(entries)
  return { config, entries, path, fault: ignored.length > 0 ? `${path}: ignored ${ignored.join(', ')}` : undefined }
}

/** The first of `candidates` that there is, read; a first one that is missing is a fault only if the environment names it. */
export function findConfig(env: NodeJS.ProcessEnv = process.env): LoadedConfig {
  const candidates = configCandidates(env)
  const found = readConfig(candidates.find(path => existsSync(path)) ?? '')
  const named = env['LSLAPICFG'] ?? ''
  if (named === '' || existsSync(named)) return found
  const fault = [`LSLAPICFG names ${named}, which does not exist`, found.fault].filter(part => part !== undefined)
  return { ...found, fault: fault.join('; ') }
}

let loaded: LoadedConfig | undefined

/** The configuration of this thread, read once at first use, as liblsl does. Emits one process warning when it is faulty. */
export function loadConfig(): LoadedConfig {
  if (loaded === undefined) {
    loaded = findConfig()
    if (loaded.fault !== undefined) process.emitWarning(loaded.fault, 'LslConfigWarning')
  }
  return loaded
}
