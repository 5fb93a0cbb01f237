import { safeName, safeText } from '../../safe-text.js'
import type { LogRecord } from './log-record.js'
import type { LineParts } from './record-line.js'

type Recorded = Pick<LogRecord, 'name' | 'levelname' | 'created' | 'msecs' | 'exc_text' | 'stack_info'>

/** What the line of a record with the formatted message `message` is made of, such that no part of it can pass for another record. */
export function safeParts(record: Recorded, message: string): LineParts {
  const { created, msecs, exc_text, stack_info } = record
  const name = safeName(record.name)
  const levelname = safeName(record.levelname)
  if (!exc_text && !stack_info) return { name, levelname, created, msecs, text: safeText(message) }

  // The blocks are made safe together with the message: a break between them is as good as one within.
  let whole = message
  for (const block of [exc_text, stack_info]) if (block) whole += whole.endsWith('\n') ? block : `\n${block}`
  const safe = safeText(whole)
  const text = safeText(message)
  const head = text.endsWith('\n') ? text : `${text}\n`
  if (!safe.startsWith(head)) return { name, levelname, created, msecs, text: safe }
  return { name, levelname, created, msecs, text, exc_text: safe.slice(head.length) }
}
