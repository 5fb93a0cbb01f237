import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { startProcess } from '../../../system/start.js'
import { platform } from '../../../system/platform.js'
import { JOB_VARIABLE } from './process-list.js'

/** How soon a guard that could not be started is tried again. */
const RETRY_MS = 1000

/** Marks every process that descends from a job of ours. */
const mark = randomUUID()
const groups = new Set<number>()
let guard: ChildProcess | undefined
let retry: NodeJS.Timeout | undefined
let jobs = 0

/** A mark for one job, and the environment that carries it to all of its descendants. */
export function markJob(): { mark: string; environment: Record<string, string> } {
  const own = `${mark}.${++jobs}.`
  const above = process.env[JOB_VARIABLE]
  return { mark: own, environment: { [JOB_VARIABLE]: above === undefined ? own : `${above}:${own}` } }
}

/** Has the group ended if this process dies without doing so, even by SIGKILL. On Windows the kernel does that, by Job Objects. */
export function guardGroup(group: number): void {
  if (platform() === 'windows') return
  groups.add(group)
  if (guard) tell({ watch: group })
  else startGuard()
}

/** The group is gone: its number may be another's tomorrow. */
export function unguardGroup(group: number): void {
  if (groups.delete(group)) tell({ forget: group })
}

function tell(message: { watch: number } | { forget: number }): void {
  // A guard that has just died hears nothing; the next one is told of all groups.
  if (guard?.connected) guard.send(message, () => undefined)
}

function startGuard(): void {
  clearTimeout(retry)
  const child = startGuardProcess()
  if (child === undefined) {
    // No process can be started at the moment, or no memory is left: the groups are guarded as soon as one can.
    retry = setTimeout(startGuard, RETRY_MS).unref()
    return
  }
  guard = child
  // It watches this process, and does not keep it from ending.
  child.unref()
  child.channel?.unref()
  child.on('error', () => undefined)
  child.once('exit', code => {
    guard = undefined
    // It leaves with 0 when it was told to end all jobs; any other end leaves them unguarded.
    if (code !== 0 && groups.size > 0) startGuard()
  })
}

function startGuardProcess(): ChildProcess | undefined {
  try {
    const args = [mark, ...[...groups].map(String)]
    const child = startProcess(new URL('./guard-main.process.js', import.meta.url), args, {
      detached: true,
      stdio: 'ignore',
    })
    if (child.pid !== undefined) return child
    child.on('error', () => undefined)
  } catch {
    // It is tried again, as where the child has no process id.
  }
  return undefined
}
