import type { LogLine } from '../../wire/status.js'

const KEPT_LINES = 1000
const WARNING = 30
const ERROR = 40

/** The newest lines of the log, and how many warnings and errors nobody has acknowledged yet. */
export class LogLines {
  readonly lines: LogLine[] = []
  /** The number of the last line that was acknowledged. */
  acknowledged = -1
  warnings = 0
  errors = 0

  add(lines: readonly LogLine[]): void {
    this.lines.push(...lines)
    if (this.lines.length > KEPT_LINES) this.lines.splice(0, this.lines.length - KEPT_LINES)
    this.#count()
  }

  acknowledge(): void {
    this.acknowledged = this.lines.at(-1)?.seq ?? -1
    this.#count()
  }

  /** Another view numbers its lines anew. */
  clear(): void {
    this.lines.length = 0
    this.acknowledged = -1
  }

  #count(): void {
    const open = this.lines.filter(({ seq }) => seq > this.acknowledged)
    this.errors = open.filter(({ levelno }) => levelno >= ERROR).length
    this.warnings = open.filter(({ levelno }) => levelno >= WARNING && levelno < ERROR).length
  }
}
