// Watches one stream and counts garbage collections in the watcher's thread and in this one: node --import gc-probe.js
// purity.js NAME MODE. Lines with seconds in, JSON out. `windows` reads here as frames arrive, `watch` reads nothing.
import './loopback.js'
import { createInterface } from 'node:readline'
import { setTimeout as after } from 'node:timers/promises'
import { StreamWatcher } from '../../dist/index.js'

const [name, mode] = process.argv.slice(2)
const watcher = await new StreamWatcher({ name }).connectToStream({ timeoutS: 15 })
const channel = new BroadcastChannel('gc-probe')

async function marks() {
  const answers = []
  channel.onmessage = ({ data }) => typeof data === 'object' && answers.push(data)
  channel.postMessage('mark')
  while (answers.length < 2) await after(10)
  return { main: answers.find(mark => mark.isMainThread), worker: answers.find(mark => !mark.isMainThread) }
}

let read = 0
async function readWindows() {
  for await (const window of watcher.windows()) read += window.frames
}
if (mode === 'windows') void readWindows()

console.log('"ready"')
for await (const line of createInterface({ input: process.stdin })) {
  await marks()
  const before = await marks()
  const { pulls } = watcher.stats
  await after(Number(line) * 1000)
  const now = await marks()
  const counted = watcher.stats.pulls - pulls
  const of = thread => ({
    events: now[thread].events - before[thread].events,
    // Only without a collection in between is this what was allocated.
    bytes: now[thread].heapUsed - before[thread].heapUsed,
  })
  console.log(JSON.stringify({ pulls: counted, read, main: of('main'), worker: of('worker') }))
}
process.exit()
