import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' })
}

/** Two network namespaces joined by a cable: two hosts, as far as LSL can tell. Nothing leaves them. Linux, as root. */
export class TwoHosts {
  readonly names: readonly [string, string]
  /** Whether the machine has IPv6 at all. */
  readonly ipv6: boolean
  readonly addresses = { 4: ['10.77.0.1', '10.77.0.2'], 6: ['fd77::1', 'fd77::2'] } as const

  /** Throws where namespaces are not permitted. */
  constructor() {
    const id = process.pid.toString(36)
    this.names = [`lsl-${id}-a`, `lsl-${id}-b`]
    const [a, b] = this.names
    ip('netns', 'add', a)
    try {
      ip('netns', 'add', b)
      ip('link', 'add', 'name', 'cable', 'netns', a, 'type', 'veth', 'peer', 'name', 'cable', 'netns', b)
      this.ipv6 = this.#addIPv6()
      this.names.forEach((name, index) => {
        ip('-n', name, 'addr', 'add', `${this.addresses[4][index] ?? ''}/24`, 'dev', 'cable')
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

  /** Plugs the cable of one host out, or in again. */
  plug(host: 0 | 1, state: 'down' | 'up'): void {
    ip('-n', this.names[host], 'link', 'set', 'cable', state)
  }

  /** Starts a program of Node on one of the hosts. */
  spawn(host: 0 | 1, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): ChildProcess {
    const command = ['netns', 'exec', this.names[host], process.execPath, ...args]
    return spawn('ip', command, { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
  }

  #addIPv6(): boolean {
    try {
      this.names.forEach((name, index) => {
        // Nobody else is asked whether the address is his, which would take a second.
        ip('netns', 'exec', name, 'sysctl', '-qw', 'net.ipv6.conf.cable.accept_dad=0')
        ip('-n', name, 'addr', 'add', `${this.addresses[6][index] ?? ''}/64`, 'dev', 'cable', 'nodad')
      })
      return true
    } catch {
      return false
    }
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
