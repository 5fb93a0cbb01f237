// LabRecorder's command line, built by hand from its public source: LABRECORDER names it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as after } from 'node:timers/promises'
import { platform } from '../../dist/system/platform.js'

const program = process.env.LABRECORDER

export const noLabRecorder =
  platform() !== 'linux' ? 'its CPU time is read on Linux' : program ? undefined : 'LABRECORDER does not name it'

/** Clock ticks of Linux, always so many a second for programs. */
const TICKS_PER_S = 100

/** Records `count` streams for a time, and answers what it cost. */
export async function labRecorder({ prefix, count, seconds, file }) {
  const child = spawn(program, [file, `starts-with(name,'${prefix}-')`], { stdio: ['pipe', 'pipe', 'inherit'] })
  let started = 0
  for await (const line of createInterface(child.stdout))
    if (line.startsWith('Started data collection') && ++started === count) break
  if (started < count) throw new Error(`LabRecorder has found ${started} of ${count} streams`)
  child.stdout.resume()
  const [cpuS, startMs] = [cpuOf(child.pid), performance.now()]
  await after(seconds * 1000)
  const answer = { cpuS: cpuOf(child.pid) - cpuS, seconds: (performance.now() - startMs) / 1000 }
  child.stdin.write('\n')
  await once(child, 'exit')
  return answer
}

/** Seconds of CPU that a process has taken. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S
}
