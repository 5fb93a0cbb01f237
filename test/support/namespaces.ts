import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' })
}

/** Two network namespaces joined by a cable: two hosts, as far as LSL can tell. Nothing leaves them. Linux, as root. */
export class TwoHosts {
  readonly names: readonly [string, string]
  readonly addresses = ['10.77.0.1', '10.77.0.2'] as const

  /** Throws where namespaces are not permitted. */
  constructor() {
    const id = process.pid.toString(36)
    this.names = [`lsl-${id}-a`, `lsl-${id}-b`]
    const [a, b] = this.names
    ip('netns', 'add', a)
    try {
      ip('netns', 'add', b)
      ip('link', 'add', 'name', 'cable', 'netns', a, 'type', 'veth', 'peer', 'name', 'cable', 'netns', b)
      this.names.forEach((name, index) => {
        ip('-n', name, 'addr', 'add', `${this.addresses[index] ?? ''}/24`, 'dev', 'cable')
        ip('-n', name, 'link', 'set', 'lo', 'up')
        ip('-n', name, 'link', 'set', 'cable', 'up')
        // Old libraries leave it to the routes where multicast goes.
        ip('-n', name, 'route', 'add', '224.0.0.0/4', 'dev', 'cable')
      })
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Starts a program of Node on one of the hosts. */
  spawn(host: 0 | 1, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): ChildProcess {
    const command = ['netns', 'exec', this.names[host], process.execPath, ...args]
    return spawn('ip', command, { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
  }

  close(): void {
    for (const name of this.names) {
      try {
        ip('netns', 'del', name)
      } catch {
        // It was not made.
      }
    }
  }
}

/** The hosts, or why there can be none here. */
export function twoHosts(): TwoHosts | string {
  try {
    return new TwoHosts()
  } catch (error) {
    return `network namespaces need Linux, ip and root: ${String(error).split('\n')[0] ?? ''}`
  }
}
