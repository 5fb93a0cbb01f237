import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const LISTENING = '0A'

/** The process that listens on `port`, as `process 123 (node server.js)`; undefined when it is somebody else's. Linux. */
export function holderInProc(port: number): string | undefined {
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
