import type { CommandField } from '../wire/status.js'

type Schema = Readonly<Record<string, unknown>>

const MOST_FIELDS = 24
const MOST_CHOICES = 100
const LONGEST = 200

/**
 * The fields of a form for arguments that are described by this JSON Schema; undefined where it is not that of an object with
 * named properties, or has too many. Whatever the schema says beyond this, the module checks.
 */
export function commandFields({ type, properties, required }: Schema): CommandField[] | undefined {
  if (type !== 'object' || (properties !== undefined && !isSchema(properties))) return undefined
  const entries = Object.entries(properties ?? {})
  const isNamed = entries.every(([name, property]) => name.length <= LONGEST && isSchema(property))
  if (!isNamed || entries.length > MOST_FIELDS) return undefined
  const names: readonly unknown[] = Array.isArray(required) ? required : []
  // A property with a default may be left out, whatever the library that wrote the schema says.
  return entries.map(([name, property]) =>
    fieldOf(name, property as Schema, names.includes(name) && (property as Schema)['default'] === undefined),
  )
}

function fieldOf(name: string, schema: Schema, isRequired: boolean): CommandField {
  const { description, unit, minimum, maximum, default: initial } = schema
  const choices = choicesOf(schema)
  const kind = choices ? 'choice' : (KINDS.get(schema['type']) ?? 'json')
  return {
    name,
    kind,
    isRequired,
    ...(typeof description === 'string' && { description: description.slice(0, LONGEST) }),
    ...(typeof unit === 'string' && { unit: unit.slice(0, 12) }),
    ...(initial !== undefined && { initial: textOf(initial).slice(0, LONGEST) }),
    ...(choices && { choices }),
    ...(isLimit(minimum) && { low: minimum }),
    ...(isLimit(maximum) && { high: maximum }),
  }
}

const KINDS: ReadonlyMap<unknown, CommandField['kind']> = new Map([
  ['number', 'number'],
  ['integer', 'integer'],
  ['boolean', 'flag'],
  ['string', 'text'],
])

/** Texts to choose from; other values are filled in as JSON. */
function choicesOf({ enum: values }: Schema): string[] | undefined {
  const isShort = Array.isArray(values) && values.length > 0 && values.length <= MOST_CHOICES
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST
  return isShort && values.every(isText) ? values : undefined
}

/** Libraries write the largest safe integer where there is no limit. */
function isLimit(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
