import type { Logger } from 'pino'

/** What of a logger takes fields, as TypeScript cannot say it of pino's own type. */
interface Binding {
  readonly child: (this: Logger, fields: object, options?: object) => Logger
  readonly setBindings: (this: Logger, fields: object) => void
}

/**
 * Makes `child` and `setBindings` of a logger, and of all its children, take fields that throw when they are read: the others are kept,
 * and of those what was thrown, as `unreadable`. What pino refuses besides, such as an unknown level, it still refuses.
 */
export function withSafeBindings(logger: Logger): Logger {
  const { child, setBindings } = logger as unknown as Binding
  // Child loggers inherit these two methods from their parent.
  return Object.assign(logger, {
    child(this: Logger, bindings: object, options?: object): Logger {
      const make = (fields: object): Logger => child.call(this, fields, options)
      try {
        return make(bindings)
      } catch {
        return make(readable(bindings, make))
      }
    },
    setBindings(this: Logger, bindings: object): void {
      try {
        setBindings.call(this, bindings)
      } catch {
        setBindings.call(
          this,
          readable(bindings, fields => child.call(this, fields)),
        )
      }
    },
  })
}

/** Of `fields` those that `take` does not throw at. */
function readable(fields: object, take: (fields: object) => unknown): object {
  if (Object(fields) !== fields) return fields
  const kept: Record<string, unknown> = {}
  try {
    for (const key of Object.keys(fields)) {
      try {
        const one = { [key]: (fields as Record<string, unknown>)[key] }
        take(one)
        Object.assign(kept, one)
      } catch (error) {
        kept['unreadable'] = thrownText(error)
      }
    }
  } catch (error) {
    kept['unreadable'] = thrownText(error)
  }
  return kept
}

/** What was thrown, for a field. It may be what throws when it is read itself. */
export function thrownText(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : typeof thrown
  } catch {
    return 'what cannot be read either'
  }
}
