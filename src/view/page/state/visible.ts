import { safeText } from '../../../safe-text.js'

/** A message in which every text is safe to show: what turns the direction of writing, and other controls, are spelled out. */
export function visible<Message>(message: Message): Message {
  return safe(message) as Message
}

function safe(value: unknown): unknown {
  if (typeof value === 'string') return safeText(value)
  if (Array.isArray(value)) return value.map(safe)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [safeText(key), safe(each)]))
}
