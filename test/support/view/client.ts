import { once } from 'node:events'
import { WebSocket } from 'ws'
import { readFrame } from '../../../src/view/wire/frames.js'
import type { BinaryFrame } from '../../../src/view/wire/frames.js'
import { HOLD_MS } from '../../../src/view/wire/messages.js'
import type { ClientMessage, ServerMessage } from '../../../src/view/wire/messages.js'

type Of<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>

/** A client of the view that remembers what it heard. */
export class ViewClient {
  readonly socket: WebSocket
  readonly messages: ServerMessage[] = []
  readonly frames: BinaryFrame[] = []
  readonly closed: Promise<unknown>
  #wake = (): void => undefined

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.binaryType = 'arraybuffer'
    this.closed = new Promise(resolve => socket.once('close', resolve))
    socket.on('error', () => undefined)
    socket.once('close', () => this.#wake())
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        const frame = readFrame(data as ArrayBuffer)
        if (frame) this.frames.push(frame)
      } else this.messages.push(JSON.parse(new TextDecoder().decode(data as ArrayBuffer)) as ServerMessage)
      this.#wake()
    })
  }

  /** Connects; rejects with the status where the server refuses. */
  static async connect(port: number, headers: Readonly<Record<string, string>> = {}, query = ''): Promise<ViewClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws${query}`, { headers })
    const client = new ViewClient(socket)
    await once(socket, 'open')
    return client
  }

  say(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message))
  }

  /** Arms and holds the button of a command for as long as it takes, from when the server has heard of it. */
  async hold(id: string, module: string, command: string): Promise<void> {
    this.say({ type: 'arm' })
    this.say({ type: 'hold', id, module, command })
    const sent = performance.now()
    this.say({ type: 'probe', sent })
    await this.heard('probe', probe => probe.sent === sent)
    await new Promise(resolve => setTimeout(resolve, HOLD_MS))
  }

  /** The first message of a type, heard already or later, that is as wanted. */
  async heard<Type extends ServerMessage['type']>(
    type: Type,
    wanted: (message: Of<Type>) => boolean = () => true,
  ): Promise<Of<Type>> {
    for (;;) {
      const found = this.messages.find(message => message.type === type && wanted(message as Of<Type>))
      if (found) return found as Of<Type>
      await this.#next(`no message ${type}`)
    }
  }

  /** Resolves when `enough` is true of all frames. */
  async until(enough: (frames: readonly BinaryFrame[]) => boolean): Promise<void> {
    while (!enough(this.frames)) await this.#next(`closed with ${this.frames.length} frames`)
  }

  /** The next status from now on. */
  async status(wanted: (message: Of<'status'>) => boolean = () => true): Promise<Of<'status'>> {
    const from = this.messages.length
    for (;;) {
      const found = this.messages.slice(from).find(message => message.type === 'status' && wanted(message))
      if (found) return found as Of<'status'>
      await this.#next('no status')
    }
  }

  async close(): Promise<void> {
    this.socket.terminate()
    await this.closed
  }

  async #next(failure: string): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) throw new Error(failure)
    await new Promise<void>(resolve => (this.#wake = resolve))
  }
}
