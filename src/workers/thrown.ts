import { errorCode } from '../errors.js'

/** What was thrown, on its way to another thread, where class and `code` would be lost. */
export type Thrown =
  | { readonly isError: false; readonly value: unknown }
  | {
      readonly isError: true
      readonly name: string
      readonly message: string
      readonly stack: string | undefined
      readonly code: string | undefined
    }

/** Describes anything that can be thrown: an Error of any kind, a DOMException, null, or a value. Never throws. */
export function describeThrown(thrown: unknown): Thrown {
  try {
    if (!(thrown instanceof Error)) return { isError: false, value: cloneable(thrown) }
    const { name, message, stack } = thrown as Readonly<Record<'name' | 'message' | 'stack', unknown>>
    const text = typeof stack === 'string' ? stack : undefined
    return { isError: true, name: String(name), message: String(message), stack: text, code: errorCode(thrown) }
  } catch {
    return { isError: false, value: 'what cannot be read was thrown' }
  }
}

/** What {@link describeThrown} described: an Error with the same name, message, stack and code, or the value itself. */
export function reviveThrown(thrown: Thrown): unknown {
  if (!thrown.isError) return thrown.value
  const { name, message, stack, code } = thrown
  const error = Object.assign(new Error(message), code === undefined ? {} : { code })
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  if (stack !== undefined) error.stack = stack
  return error
}

/** The same, where an Error is wanted: a value that was thrown becomes the message of one. */
export function revivedError(thrown: Thrown): Error {
  const value = reviveThrown(thrown)
  return value instanceof Error ? value : new Error(String(value), { cause: value })
}

function cloneable(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    // A function, a promise or the like: its text is all that another thread can have.
    return String(value)
  }
}
