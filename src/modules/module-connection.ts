import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { jobReportOf } from './job-report.js'
import type { JobReport } from './job-report.js'
import { ModuleReplies } from './module-replies.js'
import type { Reply } from './module-replies.js'

/** Silence after which text without an end is taken as it is. */
const QUIET_MS = 25
/** Python servers of the first generation take one packet for one command: two must not arrive as one. */
const PACKET_MS = 30

interface Events {
  reply: [reply: Reply]
  close: []
}

/** How commands end for a module: by `;`, or each by its packet alone, as the first callback servers want it. */
export type CommandEnd = 'semicolon' | 'packet' | 'unknown'

/** One TCP connection to a module, from its connect to its end. Never throws for what the other end does. */
export class ModuleConnection extends EventEmitter<Events> {
  /** How commands end: known once the module has answered. */
  end: CommandEnd = 'unknown'
  /** When bytes came last, on the clock of performance.now(). */
  heardAt = -Infinity
  readonly #socket: Socket
  readonly #replies = new ModuleReplies()
  #quiet: NodeJS.Timeout | undefined
  #upWaiters: (() => void)[] = []
  #jobsWaiters: ((report?: JobReport) => void)[] = []
  #packets: Promise<unknown> = Promise.resolve()

  private constructor(socket: Socket) {
    super()
    this.setMaxListeners(0)
    this.#socket = socket
    socket.setNoDelay(true).setEncoding('latin1')
    socket.on('data', bytes => this.#hear(bytes as unknown as string))
    socket.on('error', () => socket.destroy())
    // A module that has ended its side is gone: every server closes both at once.
    socket.on('end', () => socket.destroy())
    socket.once('close', () => {
      clearTimeout(this.#quiet)
      for (const waiter of [...this.#upWaiters.splice(0), ...this.#jobsWaiters.splice(0)]) waiter()
      this.emit('close')
    })
  }

  /** Connects; rejects with the system's error, or when `signal` aborts. */
  static async open(host: string, port: number, signal: AbortSignal): Promise<ModuleConnection> {
    const socket = connect({ host, port })
    try {
      await once(socket, 'connect', { signal })
    } catch (error) {
      socket.on('error', () => undefined)
      socket.destroy()
      throw error
    }
    return new ModuleConnection(socket)
  }

  get isOpen(): boolean {
    return this.#socket.writable
  }

  /** Resolves with the first reply that `wanted` takes, undefined after `ms` or at the end of the connection. */
  reply<R extends Reply>(wanted: (reply: Reply) => reply is R, ms: number): Promise<R | undefined> {
    return new Promise(resolve => {
      const done = (reply?: R): void => {
        clearTimeout(timer)
        this.off('reply', onReply)
        this.off('close', onClose)
        resolve(reply)
      }
      const onReply = (reply: Reply): void => {
        if (wanted(reply)) done(reply)
      }
      const onClose = (): void => done()
      const timer = setTimeout(onClose, ms)
      this.on('reply', onReply)
      this.on('close', onClose)
      if (this.#socket.closed) done()
    })
  }

  /** Announces that a list of commands was asked for. */
  awaitList(): void {
    this.#replies.awaitList()
  }

  /** Nobody waits for lists any more; one that comes late is still known as one. */
  forgetLists(): void {
    this.#replies.forgetLists()
  }

  /** Sends one command with the end that the module wants. */
  command(text: string): void {
    if (this.end === 'packet') this.packet(text)
    else this.write(`${text};`)
  }

  write(bytes: string): void {
    if (this.isOpen) this.#socket.write(bytes)
  }

  /** Sends `text` so that it arrives as a packet of its own. */
  packet(text: string): void {
    this.#packets = this.#packets.then(async () => {
      this.write(text)
      await delay(PACKET_MS)
    })
  }

  /** Resolves when the module has answered an UP that was sent behind everything before; never for a module that does not. */
  up(): Promise<void> {
    return new Promise(resolve => {
      this.#upWaiters.push(resolve)
      this.command('UP')
    })
  }

  /** UPs that were not answered. */
  get unanswered(): number {
    return this.#upWaiters.length
  }

  /**
   * Sends `before` and JOBS behind it to a server of ours, and resolves with the answer to this one, which comes when every STOP
   * is over that was sent before; with undefined at the end of the connection. Answers come in the order of the questions.
   */
  jobs(before = ''): Promise<JobReport | undefined> {
    if (!this.isOpen) return Promise.resolve(undefined)
    return new Promise(resolve => {
      this.#jobsWaiters.push(resolve)
      this.write(`${before}JOBS;`)
    })
  }

  /** JOBS that were not answered. */
  get unansweredJobs(): number {
    return this.#jobsWaiters.length
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #hear(bytes: string): void {
    this.heardAt = performance.now()
    this.#tell(this.#replies.push(bytes))
    clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => this.#tell(this.#replies.quiet()), QUIET_MS)
  }

  #tell(replies: readonly Reply[]): void {
    for (const reply of replies) {
      if (reply.kind === 'up') this.#upWaiters.shift()?.()
      const report = reply.kind === 'report' ? jobReportOf(reply.report) : undefined
      if (report !== undefined) this.#jobsWaiters.shift()?.(report)
      this.emit('reply', reply)
    }
  }
}
