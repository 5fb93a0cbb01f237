/** The longest integer that Python reads from text, and that is read here: what longer ones cost grows with their square. */
export const MOST_DIGITS = 4300

/** A float of Python whose value is whole: JavaScript would show 1.0 as 1. */
export class PythonFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A value of which only Python's repr() is known: shown as it is. */
export class PythonOpaque {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}
