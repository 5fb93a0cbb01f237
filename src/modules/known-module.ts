import { describedCommands } from './described-commands.js'
import type { DescribedCommand } from './described-commands.js'
import { jobReportOf } from './job-report.js'
import type { ReportedJob } from './job-report.js'
import type { ModuleConnection } from './module-connection.js'
import { ownCommands } from './module-replies.js'
import type { Reply } from './module-replies.js'

/** How long the greeting is waited for: programs that are not of this family send none. */
const GREETING_MS = 1000
const LIST_MS = 1000
const PROBE_MS = 300

type Commands = ReadonlyMap<string, DescribedCommand>

/** How a client introduces itself. */
interface Introduction {
  readonly token: string | undefined
  readonly isObserver: boolean
  /** Called when the module has told its jobs. */
  readonly jobsTold: (jobs: readonly ReportedJob[]) => void
}

/** What a module has said of itself: its name, its commands, its jobs, and how its commands end. */
export class KnownModule {
  /** The name in its greeting. */
  name: string | undefined
  commands: Commands = new Map()
  jobs: readonly ReportedJob[] | undefined
  /** Whether it is a `DefaultServer` of this package, which tells its jobs when it is asked. */
  answersJobs = false
  readonly #introduction: Introduction

  constructor(introduction: Introduction) {
    this.#introduction = introduction
  }

  /** Reads the greeting of a new connection. Resolves to false where the connection has ended meanwhile. */
  async greet(connection: ModuleConnection): Promise<boolean> {
    connection.on('reply', reply => this.#hear(connection, reply))
    const { token } = this.#introduction
    if (token !== undefined) connection.write(`AUTH|${token};`)
    const greeting = await connection.reply(
      (reply): reply is Extract<Reply, { kind: 'greeting' }> => reply.kind === 'greeting',
      GREETING_MS,
    )
    if (!connection.isOpen) return false
    this.name ??= greeting?.name
    this.jobs = undefined
    this.answersJobs = false
    return true
  }

  /** Asks for the commands, and with them whether the module tells its jobs. There are none where it does not answer. */
  async learn(connection: ModuleConnection): Promise<void> {
    // A server of ours answers the first question with all that it knows of its commands, every other server with its list.
    const { isObserver } = this.#introduction
    const introduction = `GET_PCOMMS|{"describe":true,"observer":${isObserver}}`
    const isAnswered = (await this.#list(connection, introduction)) || (await this.#list(connection, 'GET_PCOMMS'))
    if (!isAnswered) this.commands = new Map()
  }

  /** Finds out how commands end for a module that does not say it. */
  async probeEnd(connection: ModuleConnection): Promise<void> {
    const isUp = (reply: Reply): reply is Extract<Reply, { kind: 'up' }> => reply.kind === 'up'
    connection.write('UP;')
    if ((await connection.reply(isUp, PROBE_MS)) !== undefined) {
      connection.end = 'semicolon'
      return
    }
    connection.packet('UP')
    if ((await connection.reply(isUp, PROBE_MS)) !== undefined) connection.end = 'packet'
  }

  async #list(connection: ModuleConnection, question: string): Promise<boolean> {
    connection.awaitList()
    connection.command(question)
    const isAnswer = (reply: Reply): reply is Reply => commandsOf(reply) !== undefined
    const reply = await connection.reply(isAnswer, LIST_MS)
    connection.forgetLists()
    return reply !== undefined
  }

  /** An answer that comes late, because the module was held up, counts as well. */
  #hear(connection: ModuleConnection, reply: Reply): void {
    const commands = commandsOf(reply)
    if (commands) this.commands = commands
    if (reply.kind !== 'report') return
    if (commands) {
      // Where the module has a command of that name, JOBS would run it.
      this.answersJobs = !commands.has('JOBS')
      connection.end = 'semicolon'
    }
    const jobs = jobReportOf(reply.report)?.running
    if (jobs === undefined) return
    this.jobs = jobs
    this.#introduction.jobsTold(jobs)
  }
}

/** The commands that a reply lists, undefined of any other reply. */
function commandsOf(reply: Reply): Commands | undefined {
  if (reply.kind === 'commands') return new Map(ownCommands(reply.names).map(name => [name, { name, description: '' }]))
  return reply.kind === 'report' ? describedCommands(reply.report) : undefined
}
