/** What breaks a Python server or the control room inside a JSON payload; JSON can write all of it as \uXXXX. */
const UNSAFE = /[^ -~]|[|;]/g
const NAME = /^[^|;{}\r\n]+$/

/**
 * A command as every generation of servers reads it, without its end: `NAME` or `NAME|{json}`, in ASCII. Throws TypeError for a
 * name or arguments that cannot be sent.
 */
export function commandText(name: string, kwargs: Readonly<Record<string, unknown>> = {}): string {
  if (typeof name !== 'string' || !NAME.test(name) || /[^ -~]/.test(name))
    throw new TypeError(`command must be ASCII without | ; { }, got ${JSON.stringify(name)}`)
  if (typeof kwargs !== 'object' || Array.isArray(kwargs))
    throw new TypeError(`kwargs must be an object of keyword arguments, got ${JSON.stringify(kwargs)}`)
  if (Object.keys(kwargs).length === 0) return name
  const json = JSON.stringify(kwargs).replace(UNSAFE, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `${name}|${json}`
}
