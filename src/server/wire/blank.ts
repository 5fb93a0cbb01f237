const NUL = 0

/** White space, as JavaScript and Python know it, or NUL. */
function isBlankCode(code: number): boolean {
  if (code > 0x20 && code < 0x7f) return false
  return code === NUL || String.fromCharCode(code).trim() === ''
}

/** True when nothing but blanks is in `text`. */
export function isBlank(text: string): boolean {
  return firstOther(text) === text.length
}

/** `text` without the blanks around it. */
export function trimBlanks(text: string): string {
  const first = firstOther(text)
  let end = text.length
  while (end > first && isBlankCode(text.charCodeAt(end - 1))) end--
  return text.slice(first, end)
}

function firstOther(text: string): number {
  let at = 0
  while (at < text.length && isBlankCode(text.charCodeAt(at))) at++
  return at
}
