import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { listen } from '../system/listen.js'
import { fromLabRecorder } from './file-name.js'
import type { RecordingDesk } from './recording-desk.js'
import { parseRemoteLine } from './remote-line.js'
import type { RemoteCommand } from './remote-line.js'
import { missingLines } from './summary-text.js'

export const REMOTE_PORT = 22345
const LOOPBACK = '127.0.0.1'
const LONGEST_LINE = 65_536
/** As LabRecorder names its files, where only the participant and the like are told. */
const BIDS =
  'sub-{participant}/ses-{session}/{modality}/sub-{participant}_ses-{session}_task-{task}_run-{run}_{modality}.xdf'
const BIDS_FIELDS = { participant: 'P001', session: 'S001', task: 'Default', modality: 'eeg' }

/**
 * The remote control port of LabRecorder, so that scripts for it work: update, select all, select none, filename, start, stop,
 * and status. A command is answered when it is done: `OK` as LabRecorder answers, or a line that begins with ERROR or
 * WARNING and says why. Listens on this machine only.
 */
export class RemoteControl implements AsyncDisposable {
  readonly #desk: RecordingDesk
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** One command at a time, whoever sent it. */
  #last: Promise<void> = Promise.resolve()

  constructor(desk: RecordingDesk) {
    this.#desk = desk
    this.#server = createServer(socket => this.#accept(socket))
  }

  /** Takes the port; 0 is any. Rejects with ERR_PORT_IN_USE. */
  async listen(port = REMOTE_PORT): Promise<this> {
    // A client that cannot be accepted sees that itself.
    await listen(this.#server, LOOPBACK, port, () => undefined)
    return this
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0
  }

  /** Idempotent; the recording is left as it is. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    if (this.#server.listening) await new Promise<void>(resolve => this.#server.close(() => resolve()))
    await this.#last
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    let text = ''
    socket.setEncoding('utf8')
    // A client that leaves in the middle of a line has said nothing that counts.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('data', (more: string) => {
      const lines = (text + more).split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) if (line.trim() !== '') this.#hear(line, socket)
      if (text.length > LONGEST_LINE) socket.destroy()
    })
  }

  #hear(line: string, socket: Socket): void {
    this.#last = this.#last.then(async () => {
      const answer = await this.#answer(line)
      if (!socket.destroyed) socket.write(answer)
    })
  }

  async #answer(line: string): Promise<string> {
    const command = parseRemoteLine(line)
    if (typeof command === 'string') return `ERROR ${command}\n`
    try {
      return await this.#do(command)
    } catch (error) {
      return `ERROR ${error instanceof Error ? error.message : String(error)}\n`
    }
  }

  async #do(command: RemoteCommand): Promise<string> {
    const desk = this.#desk
    switch (command.ask) {
      case 'start':
        await desk.start()
        return 'OK'
      case 'stop': {
        const missing = missingLines(await desk.stop())
        return missing.length === 0 ? 'OK' : `WARNING stopped; ${missing.join('; ')}\n`
      }
      case 'update':
        await desk.look()
        return 'OK'
      case 'select all':
      case 'select none':
        desk.isSelected = command.ask === 'select all'
        return 'OK'
      case 'filename':
        this.#place(command.fields)
        return 'OK'
      case 'status':
        return `${JSON.stringify(statusOf(desk))}\n`
    }
  }

  #place({ root, template, ...others }: Readonly<Record<string, string>>): void {
    const { place } = this.#desk
    // As in LabRecorder, a field that is not told now keeps its value.
    const fields = { ...BIDS_FIELDS, ...place.fields, ...others }
    const bids = Object.keys(others).length > 0 && template === undefined ? BIDS : place.template
    this.#desk.place = {
      folder: root ?? place.folder,
      template: template === undefined ? bids : fromLabRecorder(template).replaceAll('\\', '/'),
      fields,
    }
  }
}

function statusOf({ recorder }: RecordingDesk): object {
  if (recorder === undefined) return { recording: false }
  const { streams, ...rest } = recorder.stats
  const named = streams.map(({ info, ...figures }) => ({ name: info.name, type: info.type, ...figures }))
  return { recording: true, ...rest, streams: named }
}
