import { readdirSync, readFileSync } from 'node:fs'

/** A process as /proc shows it. */
export interface ProcessEntry {
  readonly pid: number
  readonly group: number
  readonly zombie: boolean
  /** The marks of the jobs that it descends from, or ''. */
  readonly marks: string
}

/** The environment variable by which the processes of a job are known, in whatever group or session they end up. */
export const JOB_VARIABLE = 'DAREPLANE_JOBS'

/** A look at /proc reads hundreds of files: the jobs that stop together share one. */
const FRESH_MS = 10

let entries: readonly ProcessEntry[] = []
let readAt = -Infinity
/** Marks by pid and start time: the environment of a process is read once. */
let known = new Map<string, string>()

/** The processes of this machine, at most 10 ms old; empty where there is no /proc. Main thread; takes some ms. */
export function processTable(): readonly ProcessEntry[] {
  if (process.platform !== 'linux') return []
  if (performance.now() - readAt < FRESH_MS) return entries
  const seen = new Map<string, string>()
  entries = readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? readEntry(Number(name), seen) : []))
  known = seen
  readAt = performance.now()
  return entries
}

function readEntry(pid: number, seen: Map<string, string>): readonly ProcessEntry[] {
  try {
    // pid (name that may hold anything) state ppid pgrp ... starttime, the 22nd
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const group = Number(fields[2])
    // Threads of the kernel.
    if (group === 0) return []
    const key = `${pid} ${fields[19] ?? ''}`
    const marks = known.get(key) ?? readMarks(pid)
    seen.set(key, marks)
    return [{ pid, group, zombie: fields[0] === 'Z', marks }]
  } catch {
    // Gone between the two looks.
    return []
  }
}

function readMarks(pid: number): string {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
    return variables.find(variable => variable.startsWith(`${JOB_VARIABLE}=`)) ?? ''
  } catch {
    // Another user's process, and none of ours.
    return ''
  }
}
