import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DareplaneError } from '../../../errors.js'
import { safeName } from '../../../safe-text.js'
import { platform } from '../../../system/platform.js'
import { interpretConfig } from './interpret-config.js'
import { liblslDiffers } from './liblsl-differs.js'
import type { LslConfig } from './lsl-config.js'
import { parseIni } from './parse-ini.js'

/** Settings, where they come from ('' for built in), and what is wrong with that file. */
export interface LoadedConfig {
  readonly config: LslConfig
  /** What the file itself says, as 'section.key'; empty where it is ignored as a whole. */
  readonly entries: ReadonlyMap<string, string>
  readonly path: string
  /** All that is wrong with the file, in one line. */
  readonly fault: string | undefined
  /** Why the file does not confine LSL as its author meant: it cannot be read, or [ports], [multicast] or [lab] is not understood. */
  readonly unusable: string | undefined
  /** What liblsl, and so every Python peer, makes of the file where that differs. */
  readonly differs: string | undefined
}

const VARIABLE = 'LSLAPICFG'
const MOST_BYTES = 1024 * 1024

/** The files that liblsl would try, best first: LSLAPICFG, then the working directory, the home directory and /etc. */
export function configCandidates(env: NodeJS.ProcessEnv = process.env): string[] {
  const named = env[VARIABLE] ?? ''
  const usual = ['lsl_api.cfg', join(homeFolder(env), 'lsl_api', 'lsl_api.cfg'), '/etc/lsl_api/lsl_api.cfg']
  return named === '' ? usual : [named, ...usual]
}

/** As liblsl: on Windows HOME goes before the profile of the user, which Git Bash and conda set. */
function homeFolder(env: NodeJS.ProcessEnv): string {
  return (platform() === 'windows' ? env['HOME'] : undefined) ?? homedir()
}

/**
 * Reads a configuration file. As with liblsl a line that is no INI puts everything back to the defaults; a value that means
 * nothing is left out alone. Never throws: `fault` says in one line what was ignored.
 */
export function readConfig(path: string): LoadedConfig {
  const ignoredWhole = (reason?: string): LoadedConfig => ({
    config: interpretConfig(new Map()).config,
    entries: new Map<string, string>(),
    path,
    fault: reason && safeName(`${path} is ignored: ${reason}`),
    unusable: reason && safeName(reason),
    differs: undefined,
  })
  if (path === '') return ignoredWhole()
  let text: string
  try {
    text = textOf(path)
  } catch (error) {
    return ignoredWhole(error instanceof Error ? error.message : String(error))
  }
  const parsed = parseIni(text)
  if ('reason' in parsed) return ignoredWhole(parsed.reason)
  const { config, ignored } = interpretConfig(parsed.entries)
  // What only tunes may be wrong; what says who hears a stream may not.
  const unusable = ignored
    .filter(({ key }) => !key.startsWith('tuning.') && (!key.startsWith('log.') || key === 'log.level'))
    .map(({ key, text: setting }) => `line ${parsed.lines.get(key) ?? 0}: ${setting}`)
  const differs = liblslDiffers(text, parsed)
  const faults = [
    ...(ignored.length > 0 ? [`ignored ${ignored.map(({ text: setting }) => setting).join(', ')}`] : []),
    ...(differs === undefined ? [] : [`${differs}; Python peers are then in another session or scope`]),
  ]
  return {
    config,
    entries: parsed.entries,
    path,
    fault: faults.length > 0 ? safeName(`${path}: ${faults.join('; ')}`) : undefined,
    unusable: unusable.length > 0 ? safeName(unusable.join(', ')) : undefined,
    differs,
  }
}

/** A pipe would be waited for, and what is so long is something else. */
function textOf(path: string): string {
  const stat = statSync(path)
  if (stat.isFIFO()) throw new Error('it is a pipe')
  if (stat.size > MOST_BYTES) throw new Error(`it is no configuration, which has at most ${MOST_BYTES} bytes`)
  return readFileSync(path, 'utf8')
}

/** The file that is in force, read: the one that LSLAPICFG names, or the first of the usual places. Never throws. */
export function findConfig(env: NodeJS.ProcessEnv = process.env): LoadedConfig {
  const named = env[VARIABLE] ?? ''
  if (named !== '') {
    const read = readConfig(named)
    return read.unusable === undefined ? read : { ...read, fault: namedFault(read) }
  }
  return readConfig(configCandidates(env).find(path => existsSync(path)) ?? '')
}

function namedFault({ path, unusable }: LoadedConfig): string {
  return `${VARIABLE} names ${safeName(path)}, which cannot be used: ${unusable ?? ''}; mend it, or unset ${VARIABLE} to run with LSL's defaults`
}

let loaded: LoadedConfig | undefined

/**
 * The configuration of this thread, read once at first use, as liblsl does. Throws ERR_CONFIG_INVALID for a file that
 * LSLAPICFG names and that does not mean what its author thinks: LSL would run unconfined. A file that is only found emits
 * one process warning.
 */
export function loadConfig(): LoadedConfig {
  if (loaded !== undefined) return loaded
  const found = findConfig()
  if (found.unusable !== undefined && (process.env[VARIABLE] ?? '') !== '')
    throw new DareplaneError('ERR_CONFIG_INVALID', found.fault ?? '')
  if (found.fault !== undefined) process.emitWarning(found.fault, 'LslConfigWarning')
  return (loaded = found)
}

/** Throws ERR_CONFIG_INVALID where the C library would not do what the file says that LSLAPICFG names, and would not say so. */
export function checkConfigForLiblsl(): void {
  const { path, differs } = loadConfig()
  if (differs !== undefined && (process.env[VARIABLE] ?? '') !== '')
    throw new DareplaneError('ERR_CONFIG_INVALID', `${VARIABLE} names ${path}, but ${differs}; mend the file`)
}
