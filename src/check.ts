import { inspect } from 'node:util'
import { nearestName } from './nearest-name.js'

/**
 * Throws unless `value` is what the argument or option `name` must be: a TypeError when it is of another type, a RangeError when
 * only its value is wrong. Call one directly to check an argument: `seconds({ from: 0 })('timeoutS', timeoutS)`.
 */
export interface Check {
  (name: string, value: unknown, caller?: string): void
  /** Of an option that cannot be left out. */
  readonly isRequired?: boolean
}

/** One check for each option, so that the keys of the table are the known names. */
export type Checks<Options> = { readonly [Name in keyof Required<Options>]: Check }

/** The limits of a number, from 0 where nothing is said. `forever` allows Infinity as well. */
export interface Limits {
  readonly above?: number
  readonly from?: number
  readonly to?: number
  readonly forever?: boolean
}

/**
 * A check in words ("bufferSizeS must be `what`") and as a test of the type and, of what passes that, of the value.
 */
export function mustBe<T>(
  what: string,
  isOfType: (value: unknown) => value is T,
  isInRange: (value: T) => boolean = () => true,
): Check {
  return (name, value) => {
    if (isOfType(value) && isInRange(value)) return
    const Refusal = isOfType(value) ? RangeError : TypeError
    throw new Refusal(`${name} must be ${what}, got ${shown(value)}`)
  }
}

/** A check of a whole options object. It answers the options, an empty object where they were left out. */
export function options<Options extends object>(
  caller: string,
  rightForm: string,
  checks: Checks<Options>,
): (given: Options | undefined) => Options {
  return given => {
    if (given === undefined && !Object.values<Check>(checks).some(check => check.isRequired)) return {} as Options
    if (!isRecord(given))
      throw new TypeError(`${caller} takes its options as one object: ${rightForm}, got ${shown(given)}`)
    checkFields(caller, '', given, checks)
    return given
  }
}

/** An object inside the options, with a check for each of its own. */
export function fields<Options>(checks: Checks<Options>): Check {
  const object = mustBe('an object', isRecord)
  return (name, value, caller = name) => {
    object(name, value)
    if (isRecord(value)) checkFields(caller, `${name}.`, value, checks)
  }
}

function checkFields(
  caller: string,
  path: string,
  given: Record<string, unknown>,
  checks: Record<string, Check>,
): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(checks, name)) continue
    const known = Object.keys(checks)
    const nearest = nearestName(name, known)
    const help = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean '${path}${nearest}'?`
    throw new TypeError(`${caller}: unknown option '${path}${name}', ${help}`)
  }
  for (const [name, check] of Object.entries(checks)) {
    if (given[name] !== undefined || check.isRequired) check(`${path}${name}`, given[name], caller)
  }
}

/** The same check, of an option that cannot be left out. */
export function required(check: Check): Check {
  return Object.assign((...call: Parameters<Check>) => check(...call), { isRequired: true })
}

/** The same check, where null stands for "none". */
export function orNull(check: Check): Check {
  return (name, value, caller) => {
    if (value !== null) check(name, value, caller)
  }
}

/** A list of values that each pass the check. */
export function list(each: Check): Check {
  const array = mustBe('a list', (value): value is readonly unknown[] => Array.isArray(value))
  return (name, value, caller) => {
    array(name, value)
    if (Array.isArray(value)) value.forEach((item, index) => each(`${name}[${index}]`, item, caller))
  }
}

/** What another function checks. */
export const anything: Check = () => undefined
export const text = mustBe('a string', isString)
export const nonEmpty = mustBe('a non-empty string', (value): value is string => isString(value) && value !== '')
export const flag = mustBe('true or false', (value): value is boolean => typeof value === 'boolean')
export const callback = mustBe('a function', isFunction)
export const object = mustBe('an object', isRecord)
export const abortSignal = mustBe('an AbortSignal', (value): value is AbortSignal => value instanceof AbortSignal)
export const moduleUrl = mustBe(
  "a URL, as new URL('./my.job.js', import.meta.url)",
  (value): value is URL => value instanceof URL,
)

/** Something with the methods of a pino logger. */
export const logger = mustBe('a logger, as getLogger() gives it', (value): value is object => {
  const methods = value as Readonly<Record<string, unknown>> | null | undefined
  return ['debug', 'info', 'warn', 'error'].every(level => isFunction(methods?.[level]))
})

/** One of a few words, true and false among them. */
export function oneOf(...choices: readonly (string | boolean)[]): Check {
  const what = choices.map(choice => (isString(choice) ? `'${choice}'` : String(choice))).join(', ')
  const isOfType = (value: unknown): value is string | boolean => choices.some(choice => typeof choice === typeof value)
  return mustBe(`one of ${what}`, isOfType, value => choices.includes(value))
}

/** A number of `unit` within limits; finite, unless the limits say `forever`. */
export function amount(unit: string, { above, from = 0, to, forever = false }: Limits, isWhole = false): Check {
  const least = above === undefined ? `of ${from} or more` : `above ${above}`
  const range = to === undefined ? least : `from ${from} to ${to}`
  return mustBe(`${unit} ${range}${forever ? ', or Infinity' : ''}`, isNumber, value => {
    const isFine = isWhole ? Number.isInteger(value) : Number.isFinite(value)
    if (!isFine && !(forever && value === Infinity)) return false
    return (above === undefined ? value >= from : value > above) && value <= (to ?? Infinity)
  })
}

export const seconds = (limits: Limits): Check => amount('seconds', limits)
export const milliseconds = (limits: Limits): Check => amount('milliseconds', limits)
export const whole = (limits: Limits): Check => amount('a whole number', limits, true)
export const hertz = amount('Hz (0 is irregular)', { from: 0 })
/** A TCP port; 0 takes any free one. */
export const port = whole({ from: 0, to: 65535 })

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isFunction(value: unknown): value is (...args: never) => unknown {
  return typeof value === 'function'
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

/** Not a list, a function, a URL, a Map or anything else that has options only by accident. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]'
}

const LONGEST_SHOWN = 80

/** A value for a message, in one short line: strings quoted. */
export function shown(value: unknown): string {
  const line =
    typeof value === 'string'
      ? JSON.stringify(value)
      : inspect(value, { depth: 0, breakLength: Infinity, compact: true })
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}...` : line
}
