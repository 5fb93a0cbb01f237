import { pino } from 'pino'
import { threadId } from 'node:worker_threads'
import { CONSOLE_COLOURS, consoleLine } from './console-line.js'
import { pythonRecord } from './python-record.js'
import { unixTimeS } from './wall-clock.js'

/** Where one logger's lines go. */
export interface Routes {
  readonly console: boolean
  readonly server?: { readonly host: string; readonly port: number }
}

/** The stream that pino writes a logger's lines to. One per logger; its thread only. */
export class LogDestination {
  /** pino's sign that it is to set lastLevel before each write. */
  readonly [pino.symbols.needsMetadataGsym] = true
  lastLevel = 30
  readonly #name: string
  readonly #routes: Routes

  constructor(name: string, routes: Routes) {
    this.#name = name
    this.#routes = routes
  }

  /** Called by pino with one line of JSON. */
  write(line: string): void {
    if (this.#routes.console) this.#print(line)
  }

  #print(line: string): void {
    const origin = {
      name: this.#name,
      pinoLevel: this.lastLevel,
      created: unixTimeS(),
      thread: threadId,
      threadName: 'MainThread',
    }
    process.stderr.write(`${consoleLine(pythonRecord(line, origin), CONSOLE_COLOURS)}\n`)
  }
}
