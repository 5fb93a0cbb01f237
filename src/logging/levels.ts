/** One level of Python's logging beside pino's. */
export interface PythonLevel {
  readonly pino: string
  readonly pinoLevel: number
  readonly levelname: string
  readonly levelno: number
}

/** pino's levels as Python names and numbers them, lowest first. */
export const LEVELS: readonly PythonLevel[] = [
  { pino: 'trace', pinoLevel: 10, levelname: 'TRACE', levelno: 5 },
  { pino: 'debug', pinoLevel: 20, levelname: 'DEBUG', levelno: 10 },
  { pino: 'info', pinoLevel: 30, levelname: 'INFO', levelno: 20 },
  { pino: 'warn', pinoLevel: 40, levelname: 'WARNING', levelno: 30 },
  { pino: 'error', pinoLevel: 50, levelname: 'ERROR', levelno: 40 },
  { pino: 'fatal', pinoLevel: 60, levelname: 'CRITICAL', levelno: 50 },
]

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
