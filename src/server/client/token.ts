import { createHash, timingSafeEqual } from 'node:crypto'
import { trimBlanks } from '../wire/blank.js'

const FORM = 'AUTH|'

/** Whether `piece` is `AUTH|` and the token. Takes as long for a wrong token as for a right one. */
export function isAuthorized(piece: string, token: string | undefined): boolean {
  const words = trimBlanks(piece)
  if (token === undefined || !words.startsWith(FORM)) return false
  const given = words.slice(FORM.length)
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'latin1').digest()
  return timingSafeEqual(digest(given), digest(token))
}
