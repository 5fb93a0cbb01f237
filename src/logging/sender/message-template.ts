/** A message taken apart at its places, as pieces of a line of JSON. */
export interface MessageTemplate {
  /** The key of the message, and its text before the first place. */
  readonly start: string
  /** Each place: its letter, and the text behind it; behind the last one also the end of the line. */
  readonly places: readonly { readonly kind: string; readonly after: string }[]
}

const MOST = 256
const MOST_LENGTH = 200
const known = new Map<string, MessageTemplate | undefined>()

/** The template of a message, or undefined where it has places for other than numbers and text, or what JSON escapes. */
export function messageTemplate(message: string): MessageTemplate | undefined {
  const template = known.get(message)
  if (template !== undefined || message.length > MOST_LENGTH || known.has(message)) return template
  // Messages are constant as a rule. Who makes them of parts has many: they are not kept for ever.
  if (known.size === MOST) known.clear()
  const parsed = parse(message)
  known.set(message, parsed)
  return parsed
}

function parse(message: string): MessageTemplate | undefined {
  if (JSON.stringify(message).length !== message.length + 2) return undefined
  const texts: string[] = []
  const kinds: string[] = []
  let text = ''
  for (const [part] of message.matchAll(/%[^]?|[^%]+/g)) {
    const letter = part.slice(1)
    if (!part.startsWith('%') || part === '%') text += part
    else if (letter === '%') text += letter
    else if ('dfis'.includes(letter)) {
      texts.push(text)
      kinds.push(letter)
      text = ''
    } else return undefined
  }
  texts.push(`${text}"}\n`)
  return { start: `,"msg":"${texts[0] ?? ''}`, places: kinds.map((kind, i) => ({ kind, after: texts[i + 1] ?? '' })) }
}
