import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { DareplaneError, errorCode } from './errors.js'

/** Why a server cannot listen on `host` and `port`: ERR_PORT_IN_USE, naming who has it where that can be seen, or ERR_LISTEN. */
export function listenError(cause: unknown, host: string, port: number): DareplaneError {
  if (errorCode(cause) === 'EADDRINUSE') {
    const holder = process.platform === 'linux' ? holderOf(port) : undefined
    const message = `port ${port} of ${host} is in use by ${holder ?? 'another process'}; stop it or choose another port`
    return new DareplaneError('ERR_PORT_IN_USE', message, { cause })
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new DareplaneError('ERR_LISTEN', `cannot listen on ${host}:${port}: ${reason}`, { cause })
}

const LISTENING = '0A'

/** The process that listens on `port`, as `process 123 (node server.js)`; undefined when it is somebody else's. Linux. */
function holderOf(port: number): string | undefined {
  const sockets = new Set(listeningInodes(port).map(inode => `socket:[${inode}]`))
  for (const pid of attempt(() => readdirSync('/proc'), []).filter(name => /^\d+$/.test(name))) {
    const descriptors = attempt(() => readdirSync(`/proc/${pid}/fd`), [])
    const isHolder = descriptors.some(fd => sockets.has(attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`), '')))
    if (!isHolder) continue
    const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '')
    return `process ${pid} (${command.replaceAll('\0', ' ').trim().slice(0, 80)})`
  }
  return undefined
}

function listeningInodes(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(file =>
    attempt(() => readFileSync(file, 'utf8'), '').split('\n'),
  )
  return lines.flatMap(line => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    return state === LISTENING && local.endsWith(`:${hex}`) && inode !== undefined ? [inode] : []
  })
}

/** What can be read, or `otherwise`: processes end while they are looked at, and others' are not ours to see. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}
