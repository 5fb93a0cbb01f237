import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { DareplaneError } from '../../errors.js'
import { within } from '../../system/within.js'

const ANSWER_LIMIT_MS = 2000

/** A client of a Dareplane server, as a control room is: sends commands, waits for the few that are answered. */
export class ControlClient {
  readonly #socket: Socket
  #received = ''

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay().setEncoding('ascii')
    // When the server is gone its answer does not come, which is noticed.
    this.#socket.on('error', () => undefined)
    this.#socket.on('data', (text: string) => (this.#received += text))
  }

  /** Connects and takes the greeting. */
  static async connect(port: number, greeting: string): Promise<ControlClient> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const client = new ControlClient(socket)
    await client.#receive(greeting)
    return client
  }

  /** Sends a command that is not answered. */
  send(command: string): void {
    this.#socket.write(`${command};`)
  }

  /** Sends a command and resolves when exactly `answer` has come. Rejects with ERR_TIMEOUT. */
  async ask(command: string, answer: string): Promise<void> {
    this.send(command)
    await this.#receive(answer)
  }

  close(): void {
    this.#socket.destroy()
  }

  async #receive(answer: string): Promise<void> {
    while (this.#received.length < answer.length)
      if ((await within(ANSWER_LIMIT_MS, once(this.#socket, 'data'))) === undefined) break
    const received = this.#received
    this.#received = ''
    if (received !== answer)
      throw new DareplaneError(
        'ERR_TIMEOUT',
        `expected ${JSON.stringify(answer)}, received ${JSON.stringify(received)}`,
      )
  }
}
