import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { pino, type Logger } from 'pino'
import { DefaultServer } from '../../../src/server/default-server.js'
import type { DefaultServerOptions } from '../../../src/server/server-options.js'

/** One TCP client that remembers every byte it got. */
export class Client {
  readonly socket: Socket
  /** All bytes so far, one character each. */
  received = ''
  readonly closed: Promise<unknown>

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', bytes => (this.received += bytes as unknown as string))
    socket.on('error', () => undefined)
    this.closed = new Promise(resolve => socket.once('close', resolve))
  }

  static async connect(port: number): Promise<Client> {
    const client = new Client(connect({ port, host: '127.0.0.1', noDelay: true }))
    await once(client.socket, 'connect')
    return client
  }

  /** Connected, with the greeting read and forgotten. */
  static async greeted(server: DefaultServer): Promise<Client> {
    const client = await Client.connect(server.port)
    await client.until(text => text === `Connected to ${server.name}\n`)
    client.received = ''
    return client
  }

  send(bytes: string): void {
    this.socket.write(bytes, 'latin1')
  }

  /** Resolves with what was received once it satisfies `enough`. */
  async until(enough: (received: string) => boolean): Promise<string> {
    while (!enough(this.received)) {
      if (this.socket.closed) throw new Error(`closed after ${JSON.stringify(this.received)}`)
      await Promise.race([once(this.socket, 'data'), this.closed])
    }
    return this.received
  }

  /** How many ms a UP takes to be answered. */
  async up(): Promise<number> {
    const before = this.received.length
    const started = performance.now()
    this.send('UP;')
    await this.until(text => text.length > before)
    return performance.now() - started
  }

  async close(): Promise<void> {
    this.socket.destroy()
    await this.closed
  }
}

/** A record of the log, as a test looks for it. */
export interface LogRecord {
  readonly level: number
  readonly msg: string
  readonly [field: string]: unknown
}

/** A logger that keeps its records. */
export function recordingLogger(level = 'debug'): { logger: Logger; records: LogRecord[] } {
  const records: LogRecord[] = []
  const logger = pino({ level }, { write: (line: string) => void records.push(JSON.parse(line) as LogRecord) })
  return { logger, records }
}

/** A server that listens on a free port, and its log. Closed by the test that made it. */
export async function listeningServer(
  options: DefaultServerOptions = {},
): Promise<{ server: DefaultServer; listening: Promise<void>; records: LogRecord[] }> {
  const { logger, records } = recordingLogger()
  const server = new DefaultServer({ port: 0, name: 'n', logger, ...options })
  await server.initServer()
  return { server, listening: server.startListening(), records }
}
