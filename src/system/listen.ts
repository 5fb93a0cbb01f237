import type { Server } from 'node:net'
import { DareplaneError, errorCode } from '../errors.js'
import { portHolders } from './ports/port-holder.js'
import type { PortHolders } from './ports/port-holder.js'
import { reservedPortAdvice } from './ports/reserved-port.js'

/** How many clients may wait to be accepted. */
export const BACKLOG = 128
/** Without descriptors there are thousands of errors a second. */
const TELL_EVERY_MS = 1000

/** Python's servers and clients are IPv4; a name would be ::1 first on Windows and macOS. */
const LOCALHOST = '127.0.0.1'

/**
 * Takes the port. Rejects with ERR_PORT_IN_USE when another process has it, with ERR_LISTEN when it cannot be had. An error
 * after that costs a client at most: the socket survives any number of them, and `onError` hears of the first, and then once a
 * second how many there were.
 */
export async function listen(
  server: Server,
  host: string,
  port: number,
  onError: (error: Error, count: number) => void,
): Promise<void> {
  const address = host === 'localhost' ? LOCALHOST : host
  const holders = portHolders()
  if (port !== 0 && holders.shadowed) await refuseShadowing(server, address, port, holders.shadowed)
  try {
    await bind(server, address, port, onError)
  } catch (error) {
    throw await listenError(error, host, port)
  }
}

/** Some systems let two processes have one port, and share the clients out between them. */
async function refuseShadowing(
  server: Server,
  address: string,
  port: number,
  shadowed: NonNullable<PortHolders['shadowed']>,
): Promise<void> {
  const closed = new AbortController()
  const close = (): void => closed.abort()
  server.once('close', close)
  const holder = await shadowed(address, port)
  server.off('close', close)
  if (closed.signal.aborted) throw new DareplaneError('ERR_CLOSED', 'the server was closed before it listened')
  if (holder !== undefined) throw inUse(holder, address, port)
}

function bind(
  server: Server,
  host: string,
  port: number,
  onError: (error: Error, count: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isListening = false
    let toldAt = -Infinity
    let untold = 0
    server.on('error', error => {
      if (!isListening) {
        reject(error)
        return
      }
      untold++
      const now = performance.now()
      if (now - toldAt < TELL_EVERY_MS) return
      onError(error, untold)
      toldAt = now
      untold = 0
    })
    server.listen({ port, host, backlog: BACKLOG }, () => {
      isListening = true
      resolve()
    })
  })
}

/** Who has the port is named where that can be seen. */
async function listenError(cause: unknown, host: string, port: number): Promise<DareplaneError> {
  const code = errorCode(cause)
  if (code === 'EADDRINUSE') return inUse(await portHolders().holder(port), host, port, cause)
  const reason = cause instanceof Error ? cause.message : String(cause)
  const message = `cannot listen on ${host}:${port}: ${reason}${reservedPortAdvice(code)}`
  return new DareplaneError('ERR_LISTEN', message, { cause })
}

function inUse(holder: string | undefined, host: string, port: number, cause?: unknown): DareplaneError {
  const message = `port ${port} of ${host} is in use by ${holder ?? 'another process'}; stop it or choose another port`
  return new DareplaneError('ERR_PORT_IN_USE', message, { cause })
}
