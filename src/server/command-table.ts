import type { SubprocessJob } from '../workers/subprocess-job.js'
import type { WorkerJob } from '../workers/job-thread.js'
import { BUILT_INS } from './built-in.js'
import type { DefaultServer } from './default-server.js'
import type { Kwargs } from './json-payload.js'

/** What a handler learns beside its keyword arguments. */
export interface PCommandCall {
  /** Words between the name and the payload (`NAME|word|{...}`). */
  readonly args: readonly string[]
  /** Aborted as soon as a STOP or CLOSE arrives after this command, from any client. */
  readonly signal: AbortSignal
  readonly server: DefaultServer
}

/** A job that the server books and stops, or nothing worth keeping. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a handler without a return is the usual one
export type PCommandResult = number | boolean | void | WorkerJob | SubprocessJob

/**
 * Handles one command, on the main thread, in the order of its connection. Throwing is logged and harms nothing. A job that
 * it returns is stopped by STOP.
 */
export type PCommand = (kwargs: Kwargs, call: PCommandCall) => PCommandResult | Promise<PCommandResult>

export type PCommandMap = ReadonlyMap<string, PCommand> | Readonly<Record<string, PCommand>>

// Bars, semicolons, braces and line ends are framing; dots break the ids of the control room's GUI; Python decodes ASCII.
const NAME = /^(?! )[\w !"#$%&'()*+,\-/:<=>?@[\\\]^`~]+(?<! )$/

/** The commands of a server by name. A Map, so that no client reaches `constructor`; refuses names that cannot be called. */
export class CommandTable extends Map<string, PCommand> {
  constructor(commands: PCommandMap = new Map()) {
    super()
    const entries: Iterable<[string, PCommand]> = isMap(commands) ? commands : Object.entries(commands)
    for (const [name, handler] of entries) this.set(name, handler)
  }

  override set(name: string, handler: PCommand): this {
    if (typeof name !== 'string' || !NAME.test(name)) {
      throw new TypeError(
        `a command name is ASCII without | ; { } . or surrounding blanks, got ${JSON.stringify(name)}`,
      )
    }
    if ((BUILT_INS as readonly string[]).includes(name)) {
      throw new TypeError(`the command name ${name} is reserved: every server answers it itself`)
    }
    if (typeof handler !== 'function')
      throw new TypeError(`the handler of ${name} must be a function, got ${typeof handler}`)
    return super.set(name, handler)
  }
}

function isMap(commands: PCommandMap): commands is ReadonlyMap<string, PCommand> {
  return commands instanceof Map
}
