import type { Logger } from 'pino'
import { getLogger } from '../../logging/get-logger.js'

let logger: Logger | undefined

/** The logger of jobs that were given none: one for all of them. */
export function jobLogger(): Logger {
  logger ??= getLogger('dareplane.jobs', { addConsoleHandler: 'terminal' })
  return logger
}
