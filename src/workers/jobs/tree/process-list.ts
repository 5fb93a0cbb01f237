import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { platform } from '../../../system/platform.js'

/** A process as the system shows it. */
export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly zombie: boolean
  /** The marks of the jobs that it descends from, or ''. Linux only. */
  readonly marks: string
}

/** The environment variable by which the processes of a job are known, in whatever group or session they end up. */
export const JOB_VARIABLE = 'DAREPLANE_JOBS'

/** A look reads hundreds of files or starts a program: the jobs that stop together share one. */
const FRESH_MS = 10

let entries: readonly ProcessEntry[] = []
let readAtMs = -Infinity
let readUntilMs = -Infinity
/** Marks by pid and start time: the environment of a process is read once. */
let known = new Map<string, string>()

/**
 * The processes of this machine as they were at `sinceMs` (performance.now()) or later; without it a list that was finished in
 * the last 10 ms will do. Empty where neither /proc nor ps can be asked. Takes some ms.
 */
export function processList(sinceMs?: number): readonly ProcessEntry[] {
  const isFresh = sinceMs === undefined ? performance.now() - readUntilMs < FRESH_MS : readAtMs >= sinceMs
  if (isFresh) return entries
  readAtMs = performance.now()
  entries = platform() === 'linux' ? fromProc() : platform() === 'darwin' ? fromPs() : []
  readUntilMs = performance.now()
  return entries
}

function fromProc(): ProcessEntry[] {
  const seen = new Map<string, string>()
  const found = readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? readEntry(Number(name), seen) : []))
  known = seen
  return found
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
    return [{ pid, parent: Number(fields[1]), group, zombie: fields[0] === 'Z', marks }]
  } catch {
    // The process has ended between the two looks.
    return []
  }
}

function readMarks(pid: number): string {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
    return variables.find(variable => variable.startsWith(`${JOB_VARIABLE}=`)) ?? ''
  } catch {
    // The process is another user's, and so none of ours.
    return ''
  }
}

/** One option each: macOS takes all that follows an equals sign for the title of that column. */
const COLUMNS = ['-o', 'pid=', '-o', 'ppid=', '-o', 'pgid=', '-o', 'stat=']

/** The processes as ps shows them. Exported for tests. */
export function fromPs(): readonly ProcessEntry[] {
  try {
    return parsePs(execFileSync('ps', ['-ax', ...COLUMNS], { encoding: 'utf8', timeout: 1000 }))
  } catch {
    // Without ps only the group of a job is known.
    return []
  }
}

/** Four columns, a process a line. */
function parsePs(text: string): readonly ProcessEntry[] {
  return text.split('\n').flatMap(line => {
    const [pid, parent, group, state = ''] = line.trim().split(/\s+/)
    if (pid === undefined || pid === '' || group === undefined) return []
    return [
      { pid: Number(pid), parent: Number(parent), group: Number(group), zombie: state.startsWith('Z'), marks: '' },
    ]
  })
}
