const NOT_ASCII = /[^ -~]/g
/** What the control room's broker takes for the end of a part; in JSON it only occurs inside strings. */
const NOT_ASCII_OR_FRAMING = /[^ -~]|[|;]/g

/** JSON in ASCII, on one line. */
export function asciiJson(value: object): string {
  return JSON.stringify(value).replace(NOT_ASCII, escape)
}

/** The same without `|` and `;`. */
export function unframedJson(value: object): string {
  return JSON.stringify(value).replace(NOT_ASCII_OR_FRAMING, escape)
}

const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
