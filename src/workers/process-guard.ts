import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { JOB_VARIABLE } from './process-table.js'

/** Marks every process that descends from a job of ours. */
const mark = randomUUID()
const groups = new Set<number>()
let guard: ChildProcess | undefined
let jobs = 0

/** A mark for one job, and the environment that carries it to all of its descendants. */
export function markJob(): { mark: string; environment: Record<string, string> } {
  const own = `${mark}.${++jobs}.`
  const above = process.env[JOB_VARIABLE]
  return { mark: own, environment: { [JOB_VARIABLE]: above === undefined ? own : `${above}:${own}` } }
}

/** Has the group ended if this process dies without doing so, even by SIGKILL. */
export function guardGroup(group: number): void {
  groups.add(group)
  if (guard) guard.send({ watch: group })
  else guard = startGuard()
}

/** The group is gone: its number may be another's tomorrow. */
export function unguardGroup(group: number): void {
  if (groups.delete(group) && guard?.connected) guard.send({ forget: group })
}

function startGuard(): ChildProcess {
  const file = fileURLToPath(new URL('./guard.process.js', import.meta.url))
  const child = fork(file, [mark, ...[...groups].map(String)], {
    detached: true,
    stdio: 'ignore',
    // Only the sources need the loader that this process was started with; other options would hurt a second process.
    execArgv: import.meta.url.endsWith('.ts') ? process.execArgv : [],
  })
  // It watches this process, and does not keep it from ending.
  child.unref()
  child.channel?.unref()
  child.on('error', () => undefined)
  child.once('exit', code => {
    guard = undefined
    // It leaves with 0 when it was told to end all jobs; any other end leaves them unguarded.
    if (code !== 0 && groups.size > 0) guard = startGuard()
  })
  return child
}
