import { shown } from '../check.js'
import type { SubprocessJob } from '../workers/jobs/subprocess-job.js'
import type { WorkerJob } from '../workers/jobs/worker-job.js'
import { BUILT_INS } from './wire/built-in.js'
import type { Kwargs } from './wire/json-payload.js'
import { commandOptionsOf, type PCommandOptions } from './command-options.js'

/** What a handler may do with the server that calls it. A {@link DefaultServer} is one. */
export interface CommandServer {
  readonly name: string
  readonly port: number
  readonly isListening: boolean
  readonly pcommandMap: CommandTable
  readonly threads: ReadonlyMap<string, WorkerJob>
  readonly processes: ReadonlyMap<string, SubprocessJob>
  /** Stops all worker jobs; resolves when they are gone. */
  closeThreads(): Promise<void>
  /** Stops all subprocess jobs; resolves when they are gone. */
  closeProcesses(): Promise<void>
  /** Closes the port and every connection and stops all jobs. */
  shutdown(): Promise<void>
}

/** What a handler learns beside its keyword arguments. */
export interface PCommandCall {
  /** Words between the name and the payload (`NAME|word|{...}`). */
  readonly args: readonly string[]
  /** Aborted as soon as a STOP or CLOSE arrives after this command, from any client. */
  readonly signal: AbortSignal
  readonly server: CommandServer
}

/** A job that the server books and stops, or nothing worth keeping. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a handler without a return is the usual one
export type PCommandResult = number | boolean | void | WorkerJob | SubprocessJob

/**
 * Handles one command, on the main thread, in the order of its connection. Throwing is logged and harms nothing. A job that
 * it returns is stopped by STOP.
 */
export type PCommand = (kwargs: Kwargs, call: PCommandCall) => PCommandResult | Promise<PCommandResult>

/** Handlers by the names that clients call them by. */
export type PCommandMap = ReadonlyMap<string, PCommand> | Readonly<Record<string, PCommand>>

// Bars, semicolons, braces and line ends are framing; dots break the ids of the control room's GUI; Python decodes ASCII.
const NAME = /^(?! )[\w !"#$%&'()*+,\-/:<=>?@[\\\]^`~]+(?<! )$/
const NO_OPTIONS: PCommandOptions = {}

/** The commands of a server by name. A Map, so that no client reaches `constructor`; refuses names that cannot be called. */
export class CommandTable extends Map<string, PCommand> {
  readonly #options = new Map<string, PCommandOptions>()

  constructor(commands: PCommandMap = new Map()) {
    super()
    const entries: Iterable<[string, PCommand]> = isMap(commands) ? commands : Object.entries(commands)
    for (const [name, handler] of entries) {
      this.set(name, handler, commands instanceof CommandTable ? commands.optionsOf(name) : NO_OPTIONS)
    }
  }

  /**
   * Adds a command, or replaces it together with its options. Heeded from the next command on. Throws TypeError for a name
   * that no client could call or that the server answers itself, and for options that are none.
   */
  override set(name: string, handler: PCommand, options: PCommandOptions = NO_OPTIONS): this {
    if (typeof name !== 'string' || !NAME.test(name)) {
      throw new TypeError(
        `a command name is ASCII without | ; { } . or surrounding blanks, got ${JSON.stringify(name)}`,
      )
    }
    if ((BUILT_INS as readonly string[]).includes(name)) {
      throw new TypeError(`the command name ${name} is reserved: every server answers it itself`)
    }
    if (typeof handler !== 'function')
      throw new TypeError(`the handler of ${name} must be a function, got ${shown(handler)}`)
    this.#options.set(name, commandOptionsOf(options))
    return super.set(name, handler)
  }

  /** What was said of the command when it was set. */
  optionsOf(name: string): PCommandOptions {
    return (this.has(name) ? this.#options.get(name) : undefined) ?? NO_OPTIONS
  }
}

function isMap(commands: PCommandMap): commands is ReadonlyMap<string, PCommand> {
  return commands instanceof Map
}
