/** What a module has said of one of its commands. */
export interface DescribedCommand {
  readonly name: string
  /** '' for nothing. */
  readonly description: string
  /** Its arguments as JSON Schema, where they are described. */
  readonly kwargs?: Readonly<Record<string, unknown>>
}

/** The commands in an answer to DESCRIBE, `{"name","commands":[{"name","description","kwargs"}]}`; undefined for another. */
export function describedCommands({
  commands,
}: Readonly<Record<string, unknown>>): ReadonlyMap<string, DescribedCommand> | undefined {
  if (!Array.isArray(commands)) return undefined
  const known = new Map<string, DescribedCommand>()
  for (const command of (commands as unknown[]).filter(isRecord)) {
    const { name, description, kwargs } = command
    if (typeof name !== 'string') continue
    const text = typeof description === 'string' ? description : ''
    known.set(name, { name, description: text, ...(isRecord(kwargs) && { kwargs }) })
  }
  return known
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
