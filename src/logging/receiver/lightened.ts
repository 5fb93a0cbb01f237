import { endOfQuoted } from '../../python/quoted.js'
import { MOST_ITEMS } from '../../python/sequence.js'

const [QUOTE, COMMA] = [0x22, 0x2c]
const isOpening = (code: number): boolean => code === 0x5b || code === 0x7b
const isClosing = (code: number): boolean => code === 0x5d || code === 0x7d

/**
 * The JSON of a record, in which lists and objects are text as soon as they hold too many values together: a value takes up to a
 * hundred times the memory of its text. Of too many fields the first are kept. In linear time.
 */
export function lightened(json: string): string {
  // Each value has at least one character, so a short text cannot hold too many.
  if (json.length <= MOST_ITEMS) return json
  let light = ''
  let copied = 0
  let depth = 0
  let start = 0
  let values = 0
  let fields = 0
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) at = endOfQuoted(json, at) - 1
    else if (isOpening(code)) {
      if (depth++ === 1) start = at
      values++
    } else if (isClosing(code)) {
      if (--depth !== 1 || values <= MOST_ITEMS) continue
      light += json.slice(copied, start) + JSON.stringify(json.slice(start, at + 1))
      copied = at + 1
    } else if (code === COMMA && depth > 1) values++
    else if (code === COMMA && ++fields === MOST_ITEMS) return `${light}${json.slice(copied, at)}}`
  }
  return light + json.slice(copied)
}
