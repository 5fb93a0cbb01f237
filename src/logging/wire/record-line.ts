const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

let stampSecond = NaN
let stamp = ''

/** `YYYY-MM-DD HH:MM:SS,mmm` in local time, as Python's %(asctime)s: the milliseconds come from `msecs`, not from `created`. */
function asctime(created: number, msecs: number): string {
  const second = Math.floor(created)
  // Records come in bursts: the calendar is asked once a second, not once a record.
  if (second !== stampSecond) {
    const date = new Date(second * 1000)
    const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
    stamp = `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
    stampSecond = second
  }
  return `${stamp},${pad(Math.trunc(msecs), 3)}`
}

/** What a line is made of; `text` is the formatted message. */
export interface LineParts {
  readonly name: string
  readonly levelname: string
  readonly created: number
  readonly msecs: number
  readonly text: string
  readonly exc_text?: string | null
  readonly stack_info?: string | null
}

const COLOURS: Readonly<Record<string, string>> = {
  DEBUG: '\x1b[37m',
  INFO: '\x1b[32m',
  WARNING: '\x1b[33m',
  ERROR: '\x1b[31m',
  CRITICAL: '\x1b[1;31m',
}

/** The colour of Python's console for a level, or nothing for one that it does not know. */
export function levelColour(levelname: string): string {
  return COLOURS[levelname] ?? ''
}

const CYAN = '\x1b[36m'

/** The line of Python's dareplane_standard formatter, without its newline; traceback and stack follow on lines of their own. */
export function recordLine(parts: LineParts): string {
  return withTraceback(
    `${asctime(parts.created, parts.msecs)} - ${parts.name} - ${parts.levelname} - ${parts.text}`,
    parts,
  )
}

/**
 * The same line as Python's dareplane_standard_color formatter writes it to the console. DEBUG is white in Python's
 * receiver and cyan in a process that asked get_logger for the console: `debugCyan`.
 */
export function colouredLine(parts: LineParts, { debugCyan = false } = {}): string {
  const colour = debugCyan && parts.levelname === 'DEBUG' ? CYAN : levelColour(parts.levelname)
  const head = `${asctime(parts.created, parts.msecs)} - ${parts.name} - ${parts.levelname} - `
  return withTraceback(`${colour}${head}\x1b[0m \x1b[37m${parts.text}\x1b[0m`, parts)
}

function withTraceback(line: string, { exc_text, stack_info }: LineParts): string {
  let whole = line
  for (const block of [exc_text, stack_info]) {
    if (block) whole += whole.endsWith('\n') ? block : `\n${block}`
  }
  return whole
}
