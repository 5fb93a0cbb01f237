import { pino, type Logger } from 'pino'

/** The logger of whoever was given none. */
export function defaultLogger(name: string): Logger {
  return pino({ level: 'info', name })
}
