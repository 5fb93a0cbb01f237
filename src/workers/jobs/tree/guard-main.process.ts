// A process that outlives ours only to end its subprocess jobs: started by process-guard.ts, told which groups there are,
// and when the channel closes, for whatever reason, it stops them all and leaves.
import { setTimeout as delay } from 'node:timers/promises'
import { isGroupAlive, kill, markedProcesses, signalGroup } from './group-signals.js'

const KILL_AFTER_MS = 200
const POLL_MS = 10

const [mark = '', ...first] = process.argv.slice(2)
const groups = new Set(first.map(Number))

process.on('message', ({ watch, forget }: { watch?: number; forget?: number }) => {
  if (watch !== undefined) groups.add(watch)
  if (forget !== undefined) groups.delete(forget)
})

function signalAll(signal: NodeJS.Signals): void {
  for (const group of groups) signalGroup(group, signal)
  // The mark also finds a job that was started an instant before the end, and processes that left their group.
  for (const pid of mark === '' ? [] : markedProcesses(mark)) kill(pid, signal)
}

async function endAll(): Promise<void> {
  signalAll('SIGTERM')
  const killAt = performance.now() + KILL_AFTER_MS
  while ([...groups].some(isGroupAlive) && performance.now() < killAt) await delay(POLL_MS)
  signalAll('SIGKILL')
  process.exit()
}

process.once('disconnect', () => void endAll())
// Our parent may have died while this process was starting: then nobody will say so any more.
if (!process.connected) setImmediate(() => void endAll())
// A control room that ends a module sends SIGTERM to its children first, this one among them, and waits for each.
process.once('SIGTERM', () => void endAll())
// A Ctrl-C in the terminal is for our parent, which may want to clean up.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
