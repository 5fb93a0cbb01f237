const CODES = { red: 31, yellow: 33, green: 32, dim: 2 } as const

/** A colour of the terminal. */
export type Colour = keyof typeof CODES

/** `text`, which is safe already, in a colour where `stream` is a terminal that has them. NO_COLOR is heeded. */
export function paint(stream: { hasColors?: () => boolean }, colour: Colour, text: string): string {
  return stream.hasColors?.() === true ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text
}
