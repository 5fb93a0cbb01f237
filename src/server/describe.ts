import type { KwargsSchema } from './command-options.js'
import type { CommandTable } from './command-table.js'
import { asciiJson } from './wire/ascii-json.js'

const TARGET = 'draft-2020-12'

/** The answer to `DESCRIBE;`: one line of JSON with what is known of each command. */
export function describeCommands(server: string, table: CommandTable): string {
  const commands = [...table.keys()].map(name => {
    const { exclusive = false, description, kwargs } = table.optionsOf(name)
    return { name, description, exclusive, kwargs: kwargs && jsonSchemaOf(kwargs) }
  })
  return `${asciiJson({ name: server, commands })}\n`
}

/** The schema as JSON Schema; undefined when its library cannot say it. */
function jsonSchemaOf(schema: KwargsSchema): Record<string, unknown> | undefined {
  try {
    return schema['~standard'].jsonSchema?.input({ target: TARGET })
  } catch {
    // A schema with a part that JSON Schema has no word for: the arguments are checked all the same.
    return undefined
  }
}
