import type { ClientMessage } from './wire/messages.js'

const LONGEST_ID = 64
const LONGEST_NAME = 200
const MOST_ITEMS = 256
const LONGEST_TEXT = 4096

type Fields = Readonly<Record<string, unknown>>

const isText = (value: unknown, longest = LONGEST_NAME): value is string =>
  typeof value === 'string' && value !== '' && value.length <= longest
const isWithin = (value: unknown, low: number, high: number): value is number =>
  typeof value === 'number' && value >= low && value <= high
const isCount = (value: unknown, most: number): value is number => isWithin(value, 0, most) && Number.isInteger(value)
const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isSubscription = (value: unknown): value is number => isCount(value, 0xffff_ffff)

/** For each type of message, whether the fields are as they must be. */
const CHECKS: Readonly<Record<string, (message: Fields) => boolean>> = {
  unsubscribe: ({ id }) => isSubscription(id),
  forget: ({ stream }) => isText(stream),
  credit: ({ id, credits }) => isSubscription(id) && isCount(credits, 1000),
  probe: ({ sent }) => typeof sent === 'number',
  arm: () => true,
  disarm: () => true,
  release: ({ id }) => isText(id, LONGEST_ID),
  outlet: ({ name, sourceId, page }) => isText(name) && isText(sourceId) && isText(page, LONGEST_ID),
  push: ({ sourceId, page, items }) =>
    isText(sourceId) &&
    isText(page, LONGEST_ID) &&
    Array.isArray(items) &&
    items.length <= MOST_ITEMS &&
    (items as unknown[]).every(isPushed),
  hold: ({ id, module, command }) => isText(id, LONGEST_ID) && isText(module) && isText(command),
  command: ({ id, module, command, kwargs }) =>
    isText(id, LONGEST_ID) && isText(module) && isText(command) && (kwargs === undefined || isRecord(kwargs)),
  stop: ({ id, module }) => isText(id, LONGEST_ID) && (module === undefined || isText(module)),
  subscribe: isSubscribe,
}

function isPushed(item: unknown): boolean {
  if (!Array.isArray(item) || item.length !== 3) return false
  const [seq, time, text] = item as unknown[]
  return (
    isCount(seq, Number.MAX_SAFE_INTEGER) &&
    isWithin(time, 0, 1e12) &&
    typeof text === 'string' &&
    text.length <= LONGEST_TEXT
  )
}

function isSubscribe(message: Fields): boolean {
  const { id, kind, stream, credits } = message
  if (!isSubscription(id) || !isText(stream)) return false
  if (kind === 'spectrum') return isCount(message['channel'], 1e6)
  if (!isCount(credits, 1000)) return false
  if (kind === 'samples') return message['from'] === undefined || isCount(message['from'], Number.MAX_SAFE_INTEGER)
  const { spanS, columns, highPass, lowPass, reference } = message
  const isFrequency = (hz: unknown): boolean => hz === undefined || isWithin(hz, 0, 1e6)
  return (
    kind === 'envelope' &&
    isWithin(spanS, 0.1, 600) &&
    isCount(columns, 4096) &&
    columns > 0 &&
    isFrequency(highPass) &&
    isFrequency(lowPass) &&
    (reference === undefined || reference === 'none' || reference === 'average')
  )
}

/** Reads what a client sent; undefined for what is no message. Never throws. */
export function parseMessage(text: string): ClientMessage | undefined {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(message) || typeof message['type'] !== 'string') return undefined
  if (!Object.hasOwn(CHECKS, message['type']) || CHECKS[message['type']]?.(message) !== true) return undefined
  return message as unknown as ClientMessage
}
