import { unframedJson } from './ascii-json.js'

/** Names that the broker passes on whole: it splits at bars and takes leading ones for answers to UP. */
const TARGET = /^(?!1)[^\s|;{}][^|;{}\r\n]*$/
const ASCII = /^[ -~]+$/

/**
 * One callback as the control room's broker reads it, `<module>|<PCOMM>|<json>`: ASCII, with two bars, never ending in the
 * `1` that it would take for an answer to UP.
 */
export function callbackLine(targetModule: string, pcomm: string, payload: object = {}): string {
  if (typeof targetModule !== 'string' || !TARGET.test(targetModule) || !ASCII.test(targetModule)) {
    throw new TypeError(
      `targetModule must be ASCII without | ; { } and not begin with 1, got ${JSON.stringify(targetModule)}`,
    )
  }
  if (typeof pcomm !== 'string' || !/^[^|;{}\r\n]+$/.test(pcomm) || !ASCII.test(pcomm)) {
    throw new TypeError(`pcomm must be ASCII without | ; { }, got ${JSON.stringify(pcomm)}`)
  }
  if (!isKwargs(payload)) {
    throw new TypeError(`payload must be an object of keyword arguments, got ${JSON.stringify(payload)}`)
  }
  return `${targetModule}|${pcomm}|${unframedJson(payload)}`
}

function isKwargs(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload)
}
