// A process that outlives ours only to end its subprocess jobs: started by process-guard.ts, told which groups there are,
// and when the channel closes, for whatever reason, it stops them all and leaves.
import { setTimeout as delay } from 'node:timers/promises'
import { kill, signalGroup, strayProcesses } from './process-group.js'

const KILL_AFTER_MS = 200

const mark = process.argv[2] ?? ''
const groups = new Set<number>()

process.on('message', ({ watch, forget }: { watch?: number; forget?: number }) => {
  if (watch !== undefined) groups.add(watch)
  if (forget !== undefined) groups.delete(forget)
})
// A Ctrl-C in the terminal, or a signal to our parent's session, is not for this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

function signalAll(signal: NodeJS.Signals): void {
  for (const group of groups) signalGroup(group, signal)
  // The mark also finds a job that was started an instant before the end, and processes that left their group.
  for (const pid of mark === '' ? [] : strayProcesses(mark, 0)) kill(pid, signal)
}

process.once('disconnect', () => {
  void (async () => {
    signalAll('SIGTERM')
    await delay(KILL_AFTER_MS)
    signalAll('SIGKILL')
    process.exit()
  })()
})
