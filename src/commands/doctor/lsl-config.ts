import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** The LSL configuration in force, as every liblsl since 1.13 and the builtin engine find it. */
export interface LslConfig {
  /** Undefined when no file is found and the defaults are in force. */
  readonly file: string | undefined
  /** Settings as 'section.key'. */
  readonly settings: ReadonlyMap<string, string>
  /** Why a library would drop the whole file silently, or not find it; one line each. */
  readonly problems: readonly string[]
}

/** Finds and reads the configuration that a process with this environment and working directory gets. */
export function findLslConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  cwd = process.cwd(),
  home = homedir(),
): LslConfig {
  const named = env['LSLAPICFG']
  const places = [join(cwd, 'lsl_api.cfg'), join(home, 'lsl_api', 'lsl_api.cfg'), '/etc/lsl_api/lsl_api.cfg']
  const missing = named !== undefined && named !== '' && !existsSync(resolve(cwd, named))
  const problems = missing ? [`LSLAPICFG names ${named}, which does not exist`] : []
  const file = (named && !missing ? [resolve(cwd, named)] : places).find(place => existsSync(place))
  if (file === undefined) return { file, settings: new Map(), problems }
  const parsed = parseIni(readText(file))
  return {
    file,
    settings: parsed.settings,
    problems: [...problems, ...parsed.problems.map(problem => `${file}: ${problem}`)],
  }
}

/** liblsl's strict dialect: `;` comments on lines of their own, `[section]`, `key = value`. Anything else makes it ignore the file. */
export function parseIni(text: string): { settings: Map<string, string>; problems: string[] } {
  const settings = new Map<string, string>()
  const problems: string[] = []
  let section = ''
  text.split(/\r?\n/).forEach((raw, i) => {
    const line = raw.trim()
    if (line === '' || line.startsWith(';')) return
    const heading = /^\[(.*)\]$/.exec(line)
    if (heading) {
      section = (heading[1] ?? '').trim()
      return
    }
    const equals = line.indexOf('=')
    const key = `${section}.${line.slice(0, Math.max(0, equals)).trim()}`
    const value = line.slice(equals + 1).trim()
    if (equals < 1)
      problems.push(`line ${i + 1} is neither '; comment' nor 'key = value': liblsl ignores the whole file`)
    else if (value === '') problems.push(`line ${i + 1} has no value: liblsl ignores the whole file`)
    else if (settings.has(key)) problems.push(`line ${i + 1} sets ${key} again: liblsl ignores the whole file`)
    else settings.set(key, value)
  })
  return { settings, problems }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    // The library cannot read it either; the line that is no setting makes it a problem of the file.
    return error instanceof Error ? error.message : String(error)
  }
}
