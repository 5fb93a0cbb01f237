import { threadId } from 'node:worker_threads'
import { pino } from 'pino'
import { CONSOLE_COLOURS, printLines } from '../console-output.js'
import { PINO_LEVEL } from '../wire/levels.js'
import { consoleLine } from './console-line.js'
import { pythonRecord } from './pino-record.js'
import { logSource } from './thread-log.js'
import type { LogSource } from './thread-log.js'
import { unixTimeS } from '../wall-clock.js'

/** Where one logger's lines go. */
export interface Routes {
  readonly console: boolean
  readonly server?: { readonly host: string; readonly port: number }
}

const FLUSH_MS = 2000

/** The stream that pino writes a logger's lines to. One per logger; its thread only. */
export class LogDestination {
  /** pino's sign that it is to set lastLevel before each write. */
  readonly [pino.symbols.needsMetadataGsym] = true
  lastLevel: number = PINO_LEVEL.info
  readonly #name: string
  readonly #isPrinted: boolean
  readonly #source: LogSource | undefined

  constructor(name: string, routes: Routes) {
    this.#name = name
    this.#isPrinted = routes.console
    this.#source = routes.server && logSource(name, { ...routes.server, isPrinted: routes.console })
  }

  /** Called by pino with one line of JSON. */
  write(line: string): void {
    const created = unixTimeS()
    this.#source?.write(this.lastLevel, created, line)
    if (this.#isPrinted) this.#print(line, created)
  }

  /** Called by pino's `logger.flush(callback)`: calls back when all lines are delivered, or given up, within 2 s. */
  flush(callback: () => void): void {
    if (this.#source) void this.#source.flush(FLUSH_MS).then(callback)
    else callback()
  }

  #print(line: string, created: number): void {
    const threadName = this.#source?.definition.threadName ?? ''
    const origin = { name: this.#name, pinoLevel: this.lastLevel, created, thread: threadId, threadName }
    printLines(`${consoleLine(pythonRecord(line, origin), CONSOLE_COLOURS)}\n`)
  }
}
