// One module for a long time: a stream of 32 channels at 1000 Hz, a job that reads it, commands and log lines. Nothing is lost, and
// nothing grows, in the module, the outlet and the log server: measured from the tenth minute on, of a shorter run from its half.
// Usage: node build/test/stress/soak.stress.js [--seconds N] [--seed N]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import '../support/loopback.js'
import { judgeLog } from './chaos/files.js'
import { Part } from './chaos/part.js'

const { ModuleClient } = await import('../../src/index.js')

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } })
const seconds = Number(values.seconds ?? 1200)
const WARM_S = Math.min(600, seconds / 2)
const EVERY_S = Math.min(10, seconds / 20)
/** What a process may grow by, beyond what its figures scatter: of a run of hours the slope, of a shorter one some pages. */
const SLOPE_MB_PER_HOUR = 1
const SCATTER_MB = 8

const folder = mkdtempSync(join(tmpdir(), 'dareplane-soak-'))
const logfile = join(folder, 'soak.log')
const faults = []
const onMessage = ({ fault }) => fault && faults.push(fault)
const logServer = new Part('log server', 'log-server.process.js', () => ({ port: 0, logfile }), onMessage)
const logPort = (await logServer.start()).port
const name = `soak-${process.pid}`
const outlet = new Part(
  'outlet',
  'outlet.process.js',
  life => ({ name, life, format: 'double64', rate: 1000, channelCount: 32, sentFile: join(folder, 'sent') }),
  onMessage,
)
await outlet.start()
const countFile = join(folder, 'counted')
const module = new Part(
  'module',
  'module.process.js',
  life => ({ life, port: 0, logPort, streams: [name], countFile }),
  onMessage,
)
const { port } = await module.start()
while ((await module.ask('received')) === 0) await after(20)
outlet.child.send({ go: true })

let callbacks = 0
const client = await new ModuleClient({ port }).connect({ timeoutS: 30 })
client.on('callback', () => callbacks++)
client.send('THREAD')
let commands = 0
const commanding = setInterval(() => client.send('COUNT', { client: 'soak', n: commands++ }), 50)

const parts = [module, outlet, logServer]
const measured = new Map(parts.map(part => [part, []]))
const started = performance.now()
const secondsNow = () => (performance.now() - started) / 1000
while (secondsNow() < seconds) {
  await after(EVERY_S * 1000)
  for (const part of parts) measured.get(part).push({ atS: secondsNow(), ...(await part.ask('figures')) })
}
clearInterval(commanding)
const pushed = await outlet.ask('pushed')
for (const end = performance.now() + 20_000; (await module.ask('received')) < pushed && performance.now() < end;)
  await after(20)
const received = await module.ask('received')
const jobs = await module.ask('jobs')
await client.stop()
await client.close()
await module.end('SIGTERM')
await outlet.end('SIGKILL')
await logServer.end('SIGTERM')

/** Megabytes an hour, by least squares. */
function slopeOf(figures) {
  const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [figures.map(({ atS }) => atS / 3600), figures.map(({ rss }) => rss / 1e6)]
  const [meanX, meanY] = [mean(x), mean(y)]
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0)
  return x.reduce((sum, value, i) => sum + (value - meanX) * (y[i] - meanY), 0) / spread
}
/** Prints what one process has held over time, and notes what grew. */
function judge(name, figures) {
  const steady = figures.filter(({ atS }) => atS >= WARM_S)
  const [first, last] = [steady[0], steady.at(-1)]
  const hours = (last.atS - first.atS) / 3600
  const slope = slopeOf(steady)
  console.log(
    `${name} from ${Math.round(first.atS)} s on: RSS ${(first.rss / 1e6).toFixed(1)} to ${(last.rss / 1e6).toFixed(1)} MB, ` +
      `slope ${slope.toFixed(2)} MB an hour; descriptors ${first.descriptors} to ${last.descriptors}, ` +
      `threads ${first.threads} to ${last.threads}`,
  )
  const some = figures.filter((_, i) => i % Math.ceil(figures.length / 20) === 0)
  console.log(`  RSS over time: ${some.map(({ rss }) => (rss / 1e6).toFixed(1)).join(' ')} MB`)
  if (slope * hours > SLOPE_MB_PER_HOUR * hours + SCATTER_MB) faults.push(`the memory of the ${name} grows`)
  if (last.descriptors > first.descriptors + 3 || last.threads > first.threads + 1)
    faults.push(`descriptors or threads of the ${name} grow`)
}
const logged = judgeLog(logfile, {})
console.log(`${Math.round(secondsNow())} s: ${pushed} samples of 32 channels sent, ${pushed - received} lost`)
console.log(`${commands} commands, ${callbacks} callbacks, log lines ${JSON.stringify(logged)}`)
for (const [{ name }, figures] of measured) judge(name, figures)
if (received !== pushed) faults.push(`${pushed - received} samples are missing`)
if (jobs !== 1) faults.push('the job that reads the ring has ended')
if (logged.lost + logged.double + logged.jobFaults > 0) faults.push('log lines are wrong')
for (const fault of faults) console.log(`FAULT: ${fault}`)
rmSync(folder, { recursive: true })
process.exit(faults.length === 0 ? 0 : 1)
