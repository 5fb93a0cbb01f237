// Watches many streams and reads every frame on this thread: scale.js PREFIX COUNT CHANNELS SECONDS WARM_UP_S. The first channel counts
// samples: a step is a loss. Answers like bench/limits/scale.c.
import './loopback.js'
import { setTimeout as after } from 'node:timers/promises'
import { localClock, StreamWatcher } from '../../dist/index.js'

const [prefix, count, , seconds, warmS] = process.argv.slice(2)
const PERIOD_S = 0.01
let measuring = false
let [frames, lost] = [0, 0]

async function read(watcher) {
  let last = -1
  for await (const { data, frames: n, channels } of watcher.windows()) {
    for (let at = 0; at < data.length; at += channels) {
      if (measuring && last >= 0) lost += data[at] - last - 1
      last = data[at]
    }
    if (measuring) frames += n
  }
}

const watchers = Array.from({ length: Number(count) }, (_, i) => new StreamWatcher({ name: `${prefix}-${i}` }))
const connectingS = localClock()
await Promise.all(watchers.map(watcher => watcher.connectToStream({ timeoutS: 60 })))
const connectS = localClock() - connectingS
for (const watcher of watchers) void read(watcher)
await after(Number(warmS) * 1000)

measuring = true
const startS = localClock()
const cpu = process.cpuUsage()
const delays = []
while (localClock() < startS + Number(seconds)) {
  const before = localClock()
  await after(PERIOD_S * 1000)
  delays.push((localClock() - before - PERIOD_S) * 1000)
}
measuring = false
const { user, system } = process.cpuUsage(cpu)
const rssMiB = process.memoryUsage.rss() / 2 ** 20
const cpuS = (user + system) * 1e-6
console.log(JSON.stringify({ frames, lost, seconds: localClock() - startS, cpuS, rssMiB, connectS, delays }))
process.exit()
