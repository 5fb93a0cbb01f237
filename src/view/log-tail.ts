import { jsonText, withFields } from '../logging/wire/field-text.js'
import type { LogLine } from './wire/status.js'

const KEPT = 1000
const LONGEST_TEXT = 2000
const MOST_FIELDS = 24
const LONGEST_FIELD = 200

/** Adds a line of the view's own. */
export type AddLine = (
  level: 'debug' | 'info' | 'warn' | 'error',
  name: string,
  text: string,
  fields?: Readonly<Record<string, unknown>>,
) => void

const LEVELNO = { debug: 10, info: 20, warn: 30, error: 40 } as const
const LEVEL_NAMES = { debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR' } as const

/** What Python's and our records carry beside the message. */
const STANDARD = new Set(
  `name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno funcName created msecs
   relativeCreated thread threadName processName process message taskName level time pid hostname`.split(/\s+/),
)

/** What a record of the log server is made of, as far as the page shows it. */
export interface TailRecord {
  readonly name: string
  readonly levelname: string
  readonly levelno: number
  readonly created: number
  readonly message: string
  readonly exc_text?: string | null
  readonly [extra: string]: unknown
}

/** The newest lines of the log of all modules and of the view itself. Everything in them is text. */
export class LogTail {
  readonly lines: LogLine[] = []
  #seq = 0

  /** Sequence number of the next line. */
  get next(): number {
    return this.#seq
  }

  readonly add: AddLine = (level, name, text, fields = {}) => {
    this.#push({ at: Date.now() / 1000, level: LEVEL_NAMES[level], levelno: LEVELNO[level], name, text, fields })
  }

  record(record: TailRecord): void {
    const extra = Object.entries(record).filter(
      ([key, value]) => !STANDARD.has(key) && value !== null && value !== undefined,
    )
    const message = withoutFields(record.message, Object.fromEntries(extra))
    const text = typeof record.exc_text === 'string' ? `${message}\n${record.exc_text}` : message
    const { created: at, levelname: level, levelno, name } = record
    this.#push({ at, level, levelno, name, text, fields: Object.fromEntries(extra) })
  }

  /** Lines from `seq` on, at most `limit` of the newest. */
  from(seq: number, limit: number): { readonly lines: readonly LogLine[]; readonly missed: number } {
    const wanted = Math.min(this.#seq - seq, limit, this.lines.length)
    return { lines: wanted <= 0 ? [] : this.lines.slice(-wanted), missed: Math.max(0, this.#seq - seq - wanted) }
  }

  #push(line: Omit<LogLine, 'seq'>): void {
    const fields = Object.fromEntries(
      Object.entries(line.fields)
        .slice(0, MOST_FIELDS)
        .map(([key, value]) => [key.slice(0, 60), fieldText(value)]),
    )
    this.lines.push({
      ...line,
      text: line.text.slice(0, LONGEST_TEXT),
      name: line.name.slice(0, 80),
      fields,
      seq: this.#seq++,
    })
    if (this.lines.length > KEPT) this.lines.splice(0, this.lines.length - KEPT)
  }
}

/** Our loggers write the fields behind the message, for those who show messages only; here they stand apart. */
function withoutFields(message: string, fields: Readonly<Record<string, unknown>>): string {
  const behind = withFields('', fields)
  return behind !== '' && message.endsWith(` ${behind}`) ? message.slice(0, -behind.length - 1) : message
}

function fieldText(value: unknown): string {
  return (typeof value === 'string' ? value : jsonText(value)).slice(0, LONGEST_FIELD)
}
