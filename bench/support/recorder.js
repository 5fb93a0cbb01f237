// Records the streams of one sender for a time: recorder.js PREFIX COUNT SECONDS FILE. Answers what it cost and what it says is missing.
import './loopback.js'
import { setTimeout as after } from 'node:timers/promises'
import { localClock } from '../../dist/index.js'
import { XdfRecorder } from '../../dist/xdf.js'

const [prefix, count, seconds, file] = process.argv.slice(2)
const recorder = new XdfRecorder({ file, streams: `starts-with(name,'${prefix}-')` })
await recorder.start()
while (recorder.stats.streams.filter(({ samples }) => samples > 0).length < Number(count)) await after(20)
const [startS, cpu] = [localClock(), process.cpuUsage()]
await after(Number(seconds) * 1000)
const { user, system } = process.cpuUsage(cpu)
const took = localClock() - startS
await recorder.stop()
console.log(JSON.stringify({ cpuS: (user + system) * 1e-6, seconds: took }))
process.exit()
