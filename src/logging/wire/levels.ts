import { mustBe } from '../../check.js'

/** One level of Python's logging beside pino's. */
export interface PythonLevel {
  readonly pino: string
  readonly pinoLevel: number
  readonly levelname: string
  readonly levelno: number
}

/** pino's numbers of its levels. */
export const PINO_LEVEL = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const

/** pino's levels as Python names and numbers them, lowest first. */
export const LEVELS: readonly PythonLevel[] = [
  { pino: 'trace', pinoLevel: PINO_LEVEL.trace, levelname: 'TRACE', levelno: 5 },
  { pino: 'debug', pinoLevel: PINO_LEVEL.debug, levelname: 'DEBUG', levelno: 10 },
  { pino: 'info', pinoLevel: PINO_LEVEL.info, levelname: 'INFO', levelno: 20 },
  { pino: 'warn', pinoLevel: PINO_LEVEL.warn, levelname: 'WARNING', levelno: 30 },
  { pino: 'error', pinoLevel: PINO_LEVEL.error, levelname: 'ERROR', levelno: 40 },
  { pino: 'fatal', pinoLevel: PINO_LEVEL.fatal, levelname: 'CRITICAL', levelno: 50 },
]

/** The place in {@link LEVELS} of the level that a pino number belongs to: a custom level counts as the next higher one. */
export function levelIndex(pinoLevel: number): number {
  const index = LEVELS.findIndex(level => level.pinoLevel >= pinoLevel)
  return index < 0 ? LEVELS.length - 1 : index
}

/** The Python level of a pino number; a custom level lies ten below, and is named as Python names unknown ones. */
export function pythonLevel(pinoLevel: number): { levelname: string; levelno: number } {
  const known = LEVELS.find(level => level.pinoLevel === pinoLevel)
  if (known) return { levelname: known.levelname, levelno: known.levelno }
  const levelno = Math.max(1, Math.round(pinoLevel) - 10)
  return { levelname: `Level ${levelno}`, levelno }
}

/** The pino name of a level given as pino's or Python's name, in any case, or as Python's number (10 is DEBUG); or undefined. */
export function levelNamed(level: string | number): string | undefined {
  if (typeof level === 'number') return LEVELS.find(known => known.levelno === level)?.pino
  const word = level.toLowerCase()
  if (word === 'silent') return word
  return LEVELS.find(known => known.pino === word || known.levelname.toLowerCase() === word)?.pino
}

export const level = mustBe(
  `one of ${LEVELS.map(known => known.pino).join(', ')}, silent, or a level of Python`,
  (value): value is string | number => typeof value === 'string' || typeof value === 'number',
  value => levelNamed(value) !== undefined,
)
