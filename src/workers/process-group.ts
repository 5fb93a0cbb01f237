import { spawn } from 'node:child_process'
import { processTable } from './process-table.js'

/** The environment variable by which the processes of a job are known, in whatever group or session they end up. */
export const JOB_VARIABLE = 'DAREPLANE_JOBS'

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

/** True while a process of the group runs. Zombies, which an init process may never reap, do not count. */
export function isGroupAlive(pid: number): boolean {
  if (process.platform === 'win32') return kill(pid, 0)
  if (!kill(-pid, 0)) return false
  const members = processTable().filter(({ group }) => group === pid)
  return members.length === 0 || members.some(({ zombie }) => !zombie)
}

/** The processes of a job that left its group, by the mark in their environment. Linux only. */
export function strayProcesses(mark: string, group: number): number[] {
  return processTable()
    .filter(entry => entry.group !== group && !entry.zombie && entry.environment.includes(mark))
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
