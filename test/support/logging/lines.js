import { EventEmitter, once } from 'node:events'
import { pino } from 'pino'

/** A logger that keeps its records, and its messages as `lines`; `until(start, count)` waits for messages that begin so. */
export function loggerWithLines() {
  const records = []
  const lines = []
  const news = new EventEmitter()
  const write = text => {
    const record = JSON.parse(text)
    records.push(record)
    lines.push(record.msg)
    news.emit('line')
  }
  const until = async (start, count = 1) => {
    while (lines.filter(line => line.startsWith(start)).length < count) await once(news, 'line')
  }
  return { logger: pino({ level: 'debug' }, { write }), records, lines, until }
}
