import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { within } from '../../system/within.js'
import type { AddLine } from '../log-tail.js'
import type { Answer, RecorderStatus } from '../wire/status.js'
import { recorderReport } from './recorder-report.js'
import type { RecorderReport } from './recorder-report.js'

const ASK_EVERY_MS = 500
const STATUS_LIMIT_MS = 2000
/** Looking for the streams and ending a file take their time. */
const COMMAND_LIMIT_MS = 30_000
const LONGEST_ANSWER = 1 << 20

const LINES: ReadonlyMap<string, string> = new Map([
  ['RECORD', 'start'],
  ['STOPRECORD', 'stop'],
])

/** Where the remote port of a recorder is. */
export interface RecorderAddress {
  readonly host: string
  readonly port: number
}

/**
 * A recorder that is commanded over its remote port, as `dareplane record --remote-control` and LabRecorder have one: one question
 * at a time, each answered before the next. Whatever it does, nothing is thrown.
 */
export class Recorder {
  readonly #address: RecorderAddress
  readonly #log: AddLine
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #socket: Socket | undefined
  /** Undefined: it does not answer. */
  #report: RecorderReport | undefined
  #answer: Answer | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(address: RecorderAddress, log: AddLine) {
    this.#address = address
    this.#log = log
    this.#running = this.#run()
  }

  status(): RecorderStatus {
    const { host, port } = this.#address
    return {
      address: `${host}:${port}`,
      isUp: this.#report !== undefined,
      ...(this.#report ?? { streams: [], absent: [] }),
      ...(this.#answer && { answer: this.#answer }),
    }
  }

  /** Sends a command; answers why not, or undefined when it is out. What came of it is told by {@link Recorder.status}. */
  command(command: string, by: string): string | undefined {
    const line = LINES.get(command)
    if (line === undefined) return `a recorder has no command ${command}`
    if (this.#report === undefined) return 'the recorder does not answer: nothing was sent'
    if (this.#report.isRecording === (line === 'start'))
      return line === 'start' ? 'it is recording already' : 'nothing is being recorded'
    void this.#ask(line, COMMAND_LIMIT_MS).then(answer => {
      const said = answer?.trim() ?? 'no answer'
      this.#answer = { text: `${command} → ${said}`, at: Date.now() / 1000, by }
      const level = said === 'OK' ? 'info' : said.startsWith('WARNING') ? 'warn' : 'error'
      this.#log(level, 'recorder', `${command} by ${by}`, { answer: said })
    })
    return undefined
  }

  /** Leaves the recorder alone: it goes on. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#socket?.destroy()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const answer = await this.#ask('status', STATUS_LIMIT_MS)
      this.#take(answer === undefined ? undefined : recorderReport(answer))
      await delay(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  #take(report: RecorderReport | undefined): void {
    const before = this.#report
    this.#report = report
    const { file, trouble } = report ?? {}
    if (before?.isRecording === true && report === undefined) this.#log('error', 'recorder', 'does not answer')
    if (report?.isRecording === true && before?.file !== file) this.#log('info', 'recorder', 'recording', { file })
    if (before?.isRecording === true && report?.isRecording === false)
      this.#log('info', 'recorder', 'the recording has ended', { file: before.file })
    if (trouble !== undefined && before?.trouble === undefined)
      this.#log('error', 'recorder', 'NOT WRITTEN: what arrives is kept in memory', { trouble })
  }

  /** Asks behind all that was asked before; undefined where no answer comes. */
  #ask(line: string, limitMs: number): Promise<string | undefined> {
    const answered = this.#last.then(async () => {
      const answer = await within(limitMs, this.#exchange(line))
      // The connection is ended, as a late answer would be taken for the answer to the next question.
      if (answer === undefined) this.#socket?.destroy()
      return answer
    })
    this.#last = answered
    return answered
  }

  async #exchange(line: string): Promise<string | undefined> {
    try {
      const socket = (this.#socket = await this.#connected())
      let answer = ''
      const whole = new Promise<string | undefined>(resolve => {
        socket.removeAllListeners('data').on('data', (more: string) => {
          answer += more
          if (answer === 'OK' || answer.endsWith('\n')) resolve(answer)
          else if (answer.length > LONGEST_ANSWER) socket.destroy()
        })
        socket.once('close', () => resolve(undefined))
      })
      socket.write(`${line}\n`)
      return await whole
    } catch {
      // Nobody listens there. The next question connects again.
      return undefined
    }
  }

  async #connected(): Promise<Socket> {
    if (this.#socket?.writable === true) return this.#socket
    const socket = connect(this.#address).setEncoding('utf8').setNoDelay()
    this.#socket = socket
    socket.setMaxListeners(0).on('error', () => socket.destroy())
    await once(socket, 'connect', { signal: this.#closing.signal })
    return socket
  }
}
