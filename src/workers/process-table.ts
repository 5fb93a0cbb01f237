import { readdirSync, readFileSync } from 'node:fs'

/** A process as /proc shows it. */
export interface ProcessEntry {
  readonly pid: number
  readonly group: number
  readonly zombie: boolean
  readonly environment: string
}

/** A look at /proc reads hundreds of files: the jobs that stop together share one. */
const FRESH_MS = 10

let entries: readonly ProcessEntry[] = []
let readAt = -Infinity

/** The processes of this machine, at most 10 ms old; empty where there is no /proc. Main thread; takes some ms. */
export function processTable(): readonly ProcessEntry[] {
  if (process.platform !== 'linux') return []
  if (performance.now() - readAt < FRESH_MS) return entries
  entries = readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? readEntry(Number(name)) : []))
  readAt = performance.now()
  return entries
}

function readEntry(pid: number): readonly ProcessEntry[] {
  try {
    // pid (name that may hold anything) state ppid pgrp ...
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [{ pid, group: Number(group), zombie: state === 'Z', environment: readEnvironment(pid) }]
  } catch {
    // Gone between the two looks.
    return []
  }
}

function readEnvironment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    // Another user's process, and none of ours.
    return ''
  }
}
