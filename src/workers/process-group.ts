import { spawn } from 'node:child_process'
import { processTable } from './process-table.js'

/** Signals every process of the group; false when there is none. On Windows, which has no groups, ends the tree of `pid`. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  if (process.platform === 'win32') {
    const force = signal === 'SIGKILL' ? ['/F'] : []
    spawn('taskkill', ['/PID', String(pid), '/T', ...force], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => undefined,
    )
    return true
  }
  return kill(-pid, signal)
}

/** True while the group has a process, were it a zombie. Costs one system call. */
export function groupExists(pid: number): boolean {
  return kill(process.platform === 'win32' ? pid : -pid, 0)
}

/** True while a process of the group runs. Zombies, which an init process may never reap, do not count. */
export function isGroupAlive(pid: number): boolean {
  if (!groupExists(pid)) return false
  const members = processTable().filter(({ group }) => group === pid)
  return members.length === 0 || members.some(({ zombie }) => !zombie)
}

/** The processes of a job that left its group, by the mark in their environment. Linux only. */
export function strayProcesses(mark: string, group: number): number[] {
  return processTable()
    .filter(entry => entry.group !== group && !entry.zombie && entry.marks.includes(mark))
    .map(({ pid }) => pid)
}

/** Signals one process or, negative, one group; false when it does not exist. */
export function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    // ESRCH: gone. EPERM: it has become another user's, and is no longer ours to stop.
    return false
  }
}
