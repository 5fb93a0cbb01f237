import { isBlank, trimBlanks } from './blank.js'
import { builtInOf } from './built-in.js'
import type { Readiness } from './command-splitter.js'
import { parsePayload, type Kwargs } from './json-payload.js'
import { decodeWire, isUndecodable } from './wire-text.js'

/** A piece of the stream, understood: a call of a known command, nothing at all, or why it is neither. */
export type Command =
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly string[]; readonly kwargs: Kwargs }
  | { readonly kind: 'blank' }
  | { readonly kind: 'unknown'; readonly text: string }
  | { readonly kind: 'invalid'; readonly name: string; readonly reason: string }
  | { readonly kind: 'undecodable' }

interface Names {
  has(name: string): boolean
}

const NO_ARGS: readonly string[] = []
const OPEN_BRACE = 0x7b
const PAYLOAD = /\|\s*\{/

/** Understands one piece that is no built-in: `NAME`, `NAME|{json}` or `NAME|word|...|{json}`. Pure; never throws. */
export function parseCommand(piece: string, names: Names): Command {
  const simple = parseSimple(piece, names)
  if (simple) return simple
  const decoded = decodeWire(piece)
  if (decoded === undefined) return { kind: 'undecodable' }
  const text = decoded.replaceAll('\r\n', '')
  if (isBlank(text)) return { kind: 'blank' }

  const brace = PAYLOAD.exec(text)?.index
  const words = (brace === undefined ? text : text.slice(0, brace)).split('|')
  const payload = brace === undefined ? (words.length > 1 ? words.pop() : undefined) : text.slice(brace + 1)

  const [first = '', ...args] = words
  const name = names.has(first) ? first : trimBlanks(first)
  if (!names.has(name)) return { kind: 'unknown', text }
  if (payload === undefined || isBlank(payload)) {
    return { kind: 'call', name, args, kwargs: Object.create(null) as Kwargs }
  }
  const result = parsePayload(payload)
  if ('reason' in result) return { kind: 'invalid', name, reason: result.reason }
  return { kind: 'call', name, args, kwargs: result.kwargs }
}

/** `NAME` or `NAME|{json}` and nothing out of the ordinary, which is nearly every command; undefined where a closer look is needed. */
function parseSimple(piece: string, names: Names): Command | undefined {
  const bar = piece.indexOf('|')
  if (bar === -1 && names.has(piece)) {
    return { kind: 'call', name: piece, args: NO_ARGS, kwargs: Object.create(null) as Kwargs }
  }
  if (bar < 1 || piece.charCodeAt(bar + 1) !== OPEN_BRACE) return undefined
  const name = piece.slice(0, bar)
  if (!names.has(name)) return undefined
  const payload = decodeWire(piece.slice(bar + 1))
  const result = payload === undefined ? undefined : parsePayload(payload)
  return result && 'kwargs' in result ? { kind: 'call', name, args: NO_ARGS, kwargs: result.kwargs } : undefined
}

/** Whether a piece that nothing has ended yet may be run as it stands. */
export function readinessOf(piece: string, names: Names): Readiness {
  if (isUndecodable(piece)) return 'hopeless'
  if (builtInOf(piece) !== undefined) return 'complete'
  return parseCommand(piece, names).kind === 'call' ? 'complete' : 'incomplete'
}
