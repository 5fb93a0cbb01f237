import { readFileSync } from 'node:fs'

/**
 * Milliseconds of processor time that this thread has used: what others do on a busy machine does not count. Where the system
 * does not tell of one thread it is the time of the whole process, which is at least as much.
 */
export function threadTimeMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ', 1)[0]) / 1e6
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
}
