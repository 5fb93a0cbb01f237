import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TomlError, parse } from 'smol-toml'
import { mustBe, object, shown } from '../check.js'
import { DareplaneError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import { safeName } from '../safe-text.js'

/** A value of a configuration, as TOML and command lines have it. */
export type ConfigValue = string | number | boolean | readonly ConfigValue[]

const fileUrl = mustBe(
  "a file URL, as new URL('./configs/module.toml', import.meta.url)",
  (value): value is URL => value instanceof URL,
  ({ protocol }) => protocol === 'file:',
)

/**
 * The configuration of a module: `defaults`, overridden by the TOML file, overridden by `overrides` (moduleArguments().kwargs). The defaults
 * say which keys there are and of what type, that of the items of a list as well. Anything else is ERR_CONFIG_INVALID, with the file
 * and its line, and so is a file that cannot be read:
 * `configs/module.toml:7: unknown key 'treshold', did you mean 'threshold'?`
 */
export function moduleConfig<Config extends Readonly<Record<string, ConfigValue>>>(
  file: URL,
  defaults: Config,
  overrides: Readonly<Record<string, unknown>> = {},
): Config {
  fileUrl('file', file)
  object('defaults', defaults)
  object('overrides', overrides)
  const path = fileURLToPath(file)
  const name = `${basename(dirname(path))}/${basename(path)}`
  const text = textOf(path, name)
  let table: Record<string, unknown>
  try {
    table = parse(text)
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    const [reason = ''] = cause.message.split('\n')
    throw new DareplaneError('ERR_CONFIG_INVALID', `${name}:${cause.line}: ${reason}`, { cause })
  }
  for (const key of Object.keys(table)) check(defaults, key, table[key], () => `${name}:${lineOf(text, key)}`)
  for (const key of Object.keys(overrides)) check(defaults, key, overrides[key], () => `--${key}`)
  return { ...defaults, ...table, ...overrides }
}

function textOf(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new DareplaneError('ERR_CONFIG_INVALID', `${name} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

/** The line on which the value of `key` begins. What TOML is, only its parser knows: it is asked line by line. */
function lineOf(text: string, key: string): number {
  const lines = text.split('\n')
  let first = 1
  for (let count = 1; count < lines.length; count++) {
    try {
      if (Object.hasOwn(parse(lines.slice(0, count).join('\n')), key)) break
      first = count + 1
    } catch {
      // A value goes on in the next line.
    }
  }
  return first
}

function check(
  defaults: Readonly<Record<string, ConfigValue>>,
  key: string,
  value: unknown,
  where: () => string,
): void {
  const refuse = (problem: string): never => {
    throw new DareplaneError('ERR_CONFIG_INVALID', `${where()}: ${problem}`)
  }
  if (!Object.hasOwn(defaults, key)) {
    const nearest = nearestName(key, Object.keys(defaults))
    const help = nearest === undefined ? `known are ${Object.keys(defaults).join(', ')}` : `did you mean '${nearest}'?`
    refuse(`unknown key '${safeName(key)}', ${help}`)
  }
  const byDefault = defaults[key]
  const wanted = kindOf(byDefault)
  if (kindOf(value) !== wanted) refuse(`${key} must be ${wanted}, got ${shown(value)}`)
  if (!Array.isArray(byDefault) || !Array.isArray(value)) return
  const kinds = new Set(byDefault.map(kindOf))
  const other = (value as unknown[]).findIndex(item => !kinds.has(kindOf(item)))
  if (kinds.size > 0 && other >= 0)
    refuse(`${key}[${other}] must be ${[...kinds].join(' or ')}, got ${shown(value[other])}`)
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
