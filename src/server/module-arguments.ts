import { list, mustBe, port as portCheck, text } from '../check.js'
import { pythonValue } from '../python/literal.js'

const address = mustBe('an address', (value): value is string => typeof value === 'string')
const level = mustBe(
  'a level',
  (value): value is string | number => typeof value === 'string' || typeof value === 'number',
)

/** What a control room starts a module with. */
export interface ModuleArguments {
  /** Default 8080. */
  readonly port: number
  /** Default 127.0.0.1. */
  readonly ip: string
  /** As Python counts: 10 is debug, 20 info, 30 warning. Default 20; older control rooms pass 10. */
  readonly loglevel: number | string
  /** All other arguments, dashes in their names as underscores. */
  readonly kwargs: Readonly<Record<string, unknown>>
}

/**
 * Reads the command line of a module as the control rooms of all generations write it: `--port=8080 --ip=127.0.0.1
 * --loglevel=10`, `--key=value` with Python's values, `--key value`, `--flag`, port and ip by position, and a leading
 * `-m api.server`, which is for Python. Throws TypeError or RangeError where port or ip are none.
 */
export function moduleArguments(argv: readonly string[] = process.argv.slice(2)): ModuleArguments {
  list(text)('argv', argv)
  const rest = argv[0] === '-m' ? argv.slice(2) : [...argv]
  const named = Object.create(null) as Record<string, unknown>
  const positional: unknown[] = []
  for (let i = 0; i < rest.length; i++) {
    const argument = rest[i] ?? ''
    const option = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(argument)
    if (!option?.[1]) {
      positional.push(pythonValue(argument))
      continue
    }
    const next = rest[i + 1]
    const key = option[1].replaceAll('-', '_')
    if (option[2] !== undefined) named[key] = pythonValue(option[2])
    else if (next !== undefined && !/^--?[A-Za-z]/.test(next)) named[key] = pythonValue(rest[++i] ?? '')
    else named[key] = true
  }
  const { port = positional[0] ?? 8080, ip = positional[1] ?? '127.0.0.1', loglevel = 20, ...kwargs } = named
  portCheck('--port', port)
  address('--ip', ip)
  level('--loglevel', loglevel)
  return {
    port: port as number,
    ip: ip as string,
    loglevel: loglevel as string | number,
    kwargs: Object.assign(Object.create(null), kwargs) as Record<string, unknown>,
  }
}
