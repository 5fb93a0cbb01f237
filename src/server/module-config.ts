import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TomlError, parse } from 'smol-toml'
import { mustBe, object, shown } from '../check.js'
import { DareplaneError } from '../errors.js'
import { nearestName } from '../nearest-name.js'

/** A value of a configuration, as TOML and command lines have it. */
export type ConfigValue = string | number | boolean | readonly ConfigValue[]

const fileUrl = mustBe(
  "a file URL, as new URL('./configs/module.toml', import.meta.url)",
  (value): value is URL => value instanceof URL,
  ({ protocol }) => protocol === 'file:',
)

/**
 * The configuration of a module: `defaults`, overridden by the TOML file, overridden by `overrides` (moduleArguments().kwargs). The defaults
 * say which keys there are and of what type. Anything else is ERR_CONFIG_INVALID, with the file and its line:
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
  const text = readFileSync(path, 'utf8')
  const lines = text.split('\n')
  const lineOf = (key: string): number =>
    1 + lines.findIndex(line => new RegExp(`^\\s*\\[?"?${key}"?\\s*[\\].=]`).test(line))
  let table: Record<string, unknown>
  try {
    table = parse(text)
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    const [reason = ''] = cause.message.split('\n')
    throw new DareplaneError('ERR_CONFIG_INVALID', `${name}:${cause.line}: ${reason}`, { cause })
  }
  for (const key of Object.keys(table)) check(defaults, key, table[key], `${name}:${lineOf(key)}`)
  for (const key of Object.keys(overrides)) check(defaults, key, overrides[key], `--${key}`)
  return { ...defaults, ...table, ...overrides }
}

function check(defaults: Readonly<Record<string, ConfigValue>>, key: string, value: unknown, where: string): void {
  const refuse = (problem: string): never => {
    throw new DareplaneError('ERR_CONFIG_INVALID', `${where}: ${problem}`)
  }
  if (!Object.hasOwn(defaults, key)) {
    const nearest = nearestName(key, Object.keys(defaults))
    const help = nearest === undefined ? `known are ${Object.keys(defaults).join(', ')}` : `did you mean '${nearest}'?`
    refuse(`unknown key '${key}', ${help}`)
  }
  const wanted = kindOf(defaults[key])
  if (kindOf(value) !== wanted) refuse(`${key} must be ${wanted}, got ${shown(value)}`)
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
