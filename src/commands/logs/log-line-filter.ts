import { safeText } from '../../safe-text.js'
import { LEVELS } from '../../logging/wire/levels.js'
import { levelColour } from '../../logging/wire/record-line.js'

const RECORD = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) - (.*?) - ([A-Z]+|Level [\d.]+) - (.*)$/s
const RESET = '\x1b[0m'
const WHITE = '\x1b[37m'

/** Chooses and colours the lines of a log. The lines of one record, of which the first has the level, stay together. */
export class LogLineFilter {
  readonly #leastLevelno: number
  readonly #names: readonly string[]
  readonly #colours: boolean
  #isShown: boolean

  constructor({ level, names, colours }: { level: string | undefined; names: readonly string[]; colours: boolean }) {
    this.#leastLevelno = LEVELS.find(({ pino }) => pino === level)?.levelno ?? -Infinity
    this.#names = names
    this.#colours = colours
    // Lines before the first record belong to a record that was not seen.
    this.#isShown = level === undefined && names.length === 0
  }

  /** A line as it is to be shown, or undefined. */
  push(raw: string): string | undefined {
    // Python writes control characters as they are, and a terminal would obey them.
    const line = safeText(raw)
    const [, time, name = '', levelname = '', text = ''] = RECORD.exec(line) ?? []
    if (time === undefined) return this.#isShown ? line : undefined
    this.#isShown = levelnoOf(levelname) >= this.#leastLevelno && this.#isNamed(name)
    if (!this.#isShown) return undefined
    const head = `${time} - ${name} - ${levelname} - `
    return this.#colours ? `${levelColour(levelname)}${head}${RESET}${WHITE}${text}${RESET}` : `${head}${text}`
  }

  #isNamed(name: string): boolean {
    return this.#names.length === 0 || this.#names.some(wanted => name === wanted || name.startsWith(`${wanted}.`))
  }
}

function levelnoOf(levelname: string): number {
  const known = LEVELS.find(level => level.levelname === levelname)
  return known ? known.levelno : Number(levelname.replace('Level ', ''))
}
