import { flag, mustBe, options, text } from '../check.js'
import type { Kwargs } from './wire/json-payload.js'

/** What is said of a command beside its handler: the third argument of `pcommandMap.set`. */
export interface PCommandOptions {
  /** While a job that the command has started runs, the command is refused with one log line. Default false. */
  readonly exclusive?: boolean
  /** What the command does, for those who ask `DESCRIBE;`. */
  readonly description?: string
  /** What the keyword arguments must be: a schema of any library that follows Standard Schema, as zod, valibot and arktype do. */
  readonly kwargs?: KwargsSchema
}

/** The part of Standard Schema (https://standardschema.dev) that is used here. */
export interface KwargsSchema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    /** Answers the value to use, or what is wrong with it. */
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>
    /** Of newer libraries: the same as JSON Schema, which is what `DESCRIBE;` passes on. */
    readonly jsonSchema?: {
      /** Of what goes in. */
      readonly input: (options: { readonly target: string }) => Record<string, unknown>
    }
  }
}

/** What a schema says of a value. */
export type SchemaResult =
  { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] }

/** One thing that is wrong, and where. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

const checkedOptions = options<PCommandOptions>(
  'pcommandMap.set',
  "pcommandMap.set('START', handler, { exclusive: true })",
  {
    exclusive: flag,
    description: text,
    kwargs: mustBe(
      'a schema that follows Standard Schema, as those of zod, valibot and arktype do',
      (value): value is KwargsSchema =>
        typeof (value as Partial<KwargsSchema> | null)?.['~standard']?.validate === 'function',
    ),
  },
)

/** The options of a command; throws TypeError where they are none. */
export function commandOptionsOf(given: PCommandOptions): PCommandOptions {
  return { ...checkedOptions(given) }
}

export type CheckedKwargs = { readonly kwargs: Kwargs } | { readonly reason: string }

/** Checks keyword arguments; answers those to call the handler with, or what is wrong with them. At once or by promise. */
export function checkKwargs(schema: KwargsSchema, kwargs: Kwargs): CheckedKwargs | Promise<CheckedKwargs> {
  const result = schema['~standard'].validate(kwargs)
  return result instanceof Promise ? result.then(checked) : checked(result)
}

function checked(result: SchemaResult): CheckedKwargs {
  if (result.issues) return { reason: result.issues.map(issueText).join('; ') }
  // A library answers a plain object; the handler is promised one without a prototype.
  return { kwargs: Object.assign(Object.create(null) as Kwargs, result.value) }
}

function issueText({ message, path = [] }: SchemaIssue): string {
  const keys = path.map(part => String(typeof part === 'object' ? part.key : part))
  return keys.length === 0 ? message : `${keys.join('.')}: ${message}`
}
