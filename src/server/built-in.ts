/** The commands that every server answers itself. */
export type BuiltIn = 'STOP' | 'CLOSE' | 'GET_PCOMMS' | 'UP'

export const BUILT_INS: readonly BuiltIn[] = ['STOP', 'CLOSE', 'GET_PCOMMS', 'UP']

const FORM = /^[\s\0\xc2\xa0]*(STOP|CLOSE|GET_PCOMMS|UP)(?:[\s\0]*\|.*|[\s\0]*)$/s
const BARE_FORM = /^[\s\0]*(?:STOP|CLOSE|GET_PCOMMS|UP)[\s\0]*\|?[\s\0]*$/
const LONGEST = 'GET_PCOMMS'.length
const EXACT: ReadonlyMap<string, BuiltIn> = new Map(BUILT_INS.map(name => [name, name]))

/**
 * The built-in that a piece of the stream calls, or undefined. Blanks around it, an argument or a stray 0xC2 before it do
 * not matter: a STOP must never be missed for its form.
 */
export function builtInOf(piece: string): BuiltIn | undefined {
  // Looking a piece up costs as much as its length.
  return (piece.length <= LONGEST ? EXACT.get(piece) : undefined) ?? (FORM.exec(piece)?.[1] as BuiltIn | undefined)
}

/** True for a built-in without an argument: what ends a JSON string that a client has left open. */
export function isBareBuiltIn(piece: string): boolean {
  return BARE_FORM.test(piece)
}
