import type { CommandField } from '../wire/status.js'

/** What somebody has filled in, by the name of the field; others are as they were at first. */
export type FormValues = Readonly<Record<string, string>>

export type Filled = { readonly kwargs: Record<string, unknown> } | { readonly reason: string }

/** The arguments that a form says, or what is wrong with the first field that is. What is left empty is not sent. Pure. */
export function formKwargs(fields: readonly CommandField[], values: FormValues): Filled {
  const kwargs: Record<string, unknown> = {}
  for (const field of fields) {
    const { name, initial = '', isRequired } = field
    const text = (values[name] ?? initial).trim()
    if (text === '') {
      if (isRequired) return { reason: `${name} is missing` }
      continue
    }
    const value = valueOf(field, text)
    if (value === undefined) return { reason: `${name} must be ${wanted(field)}` }
    kwargs[name] = value
  }
  return { kwargs }
}

/** Arguments written as JSON; '' is none. */
export function jsonKwargs(text: string): Filled {
  const value = text.trim() === '' ? {} : parsed(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { kwargs: value as Record<string, unknown> }
    : { reason: 'arguments must be JSON, such as {"amplitude": 1.5}' }
}

function valueOf({ kind, choices = [], low = -Infinity, high = Infinity }: CommandField, text: string): unknown {
  switch (kind) {
    case 'number':
    case 'integer': {
      const number = Number(text)
      const isWhole = kind === 'number' || Number.isInteger(number)
      return Number.isFinite(number) && isWhole && number >= low && number <= high ? number : undefined
    }
    case 'flag':
      return text === 'true' || text === 'false' ? text === 'true' : undefined
    case 'choice':
      return choices.includes(text) ? text : undefined
    case 'text':
      return text
    case 'json':
      return parsed(text)
  }
}

function wanted({ kind, low, high, choices = [] }: CommandField): string {
  if (kind === 'choice') return `one of ${choices.join(', ')}`
  if (kind === 'flag') return 'true or false'
  if (kind === 'json') return 'JSON, such as [1, 2] or "text"'
  const what = kind === 'integer' ? 'a whole number' : 'a number'
  if (low !== undefined && high !== undefined) return `${what} from ${low} to ${high}`
  if (low !== undefined) return `${what}, at least ${low}`
  return high === undefined ? what : `${what}, at most ${high}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
