import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** A socket that listens, as netstat shows it. */
export interface Listener {
  /** Without brackets; '' for every address. */
  readonly address: string
  readonly port: number
  /** Windows only. */
  readonly pid: number | undefined
}

const LIMIT_MS = 2000

/** All TCP sockets that listen on this machine; none where netstat cannot be asked. Windows and macOS. */
export async function listeners(): Promise<readonly Listener[]> {
  try {
    const { stdout } = await promisify(execFile)('netstat', ['-ano'], { timeout: LIMIT_MS, windowsHide: true })
    return parseNetstat(stdout)
  } catch {
    return []
  }
}

/** The listeners in what netstat prints: on Windows the words are in the user's language, on macOS a dot is before the port. */
function parseNetstat(text: string): readonly Listener[] {
  return text.split(/\r?\n/).flatMap(line => {
    const fields = line.trim().split(/\s+/)
    if (!/^tcp/i.test(fields[0] ?? '')) return []
    const isMacOS = fields[5] === 'LISTEN'
    const isWindows = /^(0\.0\.0\.0|\[::\]):0$/.test(fields[2] ?? '')
    if (!isMacOS && !isWindows) return []
    const [, host = '', port = ''] = /^(.*)[.:](\d+)$/.exec(fields[isMacOS ? 3 : 1] ?? '') ?? []
    const address = host.replace(/^\[(.*)\]$/, '$1')
    const pid = Number(fields[4])
    return [
      {
        address: ['*', '0.0.0.0', '::'].includes(address) ? '' : address,
        port: Number(port),
        pid: isWindows && pid > 0 ? pid : undefined,
      },
    ]
  })
}
