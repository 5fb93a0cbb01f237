// The server under everything that clients do to it. In 60 s: all but the cycles in full; 600 s give them time for all 1000.
// By itself: node build/test/stress/server.stress.js [--seconds N] [NAME ...]
import { parseArgs } from 'node:util'
import { cycles } from './server-cycles.js'
import { connects, drips, flood, garbage, idle, killedClients, resets } from './server-scenarios.js'
import { platform } from '../../src/system/platform.js'

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '60' } },
  allowPositionals: true,
})
const seconds = Number(values.seconds)
const of = count => Math.ceil(count * Math.min(1, seconds / 60))

const scenarios = {
  connects: () => connects(of(10_000)),
  idle: () => idle({ clients: 8, seconds: seconds * 0.05 }),
  resets: () => resets(of(1000)),
  killed: () => killedClients(of(20)),
  drips: () => drips({ clients: 64, probes: of(500) }),
  flood: () => flood({ clients: 8, each: 1000 * of(100), probes: of(300) }),
  garbage: () => garbage({ packets: of(20_000), seed: Date.now() % 2 ** 31 }),
  'worker stop': () => cycles({ command: 'WORKER', jobs: 1, count: of(200), promisedMs: 20 }),
  'worker cycles': () =>
    cycles({ command: 'WORKER', jobs: 8, count: 1000, seconds: seconds * 0.35, promisedMs: 8 * 20 }),
  // Groups of processes, which only POSIX has.
  ...(platform() !== 'windows' && {
    'tree cycles': () => cycles({ command: 'TREE', jobs: 8, count: of(30), promisedMs: 2000 }),
    'process cycles': () =>
      cycles({ command: 'SLEEP', jobs: 8, count: 1000, seconds: seconds * 0.15, promisedMs: 2000 }),
  }),
}
for (const [name, run] of Object.entries(scenarios)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  console.log(name, JSON.stringify(await run()))
}
