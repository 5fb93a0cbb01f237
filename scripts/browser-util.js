// What stands for node:util in the bundles for browsers.

/** A value as text, for messages. */
export function inspect(value) {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
