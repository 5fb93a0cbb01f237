import { processList } from './process-list.js'

/** Signals every process of the group; false when there is none. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  return kill(-group, signal)
}

/** True while the group has a process, were it a zombie. Costs one system call. */
export function groupExists(group: number): boolean {
  return kill(-group, 0)
}

/** True while a process of the group runs. Zombies, which an init process may never reap, do not count. */
export function isGroupAlive(group: number): boolean {
  if (!groupExists(group)) return false
  const members = processList().filter(entry => entry.group === group)
  return members.length === 0 || members.some(({ zombie }) => !zombie)
}

/** The processes that descend from any job of `mark`, by their environment. Linux only. */
export function markedProcesses(mark: string): readonly number[] {
  return processList()
    .filter(({ zombie, marks }) => !zombie && marks.includes(mark))
    .map(({ pid }) => pid)
}

/** Signals one process or, negative, one group; false when it does not exist. */
export function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    // ESRCH: gone. EPERM: another user's, and not ours to stop, but macOS says it also of a group with one such member.
    return (error as NodeJS.ErrnoException).code === 'EPERM' && pid < 0 && hasRunningMember(-pid)
  }
}

function hasRunningMember(group: number): boolean {
  return processList().some(entry => entry.group === group && !entry.zombie)
}
