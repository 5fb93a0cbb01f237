// The server under everything that clients do to it. In 60 s: all but the cycles in full; 600 s give them time for all 1000.
import { parseArgs } from 'node:util'
import { connects, cycles, drips, flood, garbage, killedClients, resets } from './server-scenarios.js'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } })
const seconds = Number(values.seconds)
const share = Math.min(1, seconds / 60)
const of = count => Math.ceil(count * share)

const say = (name, figures) => console.log(name, JSON.stringify(figures))
say('connects', await connects(of(10_000)))
say('resets', await resets(of(1000)))
say('killed clients', await killedClients(of(20)))
say('drips', await drips({ clients: 64, probes: of(500) }))
say('flood', await flood({ clients: 8, each: 1000 * of(100), probes: of(300) }))
say('garbage', await garbage({ packets: of(20_000), seed: Date.now() % 2 ** 31 }))
say('cycles', await cycles({ command: 'WORKER', jobs: 8, count: 1000, seconds: seconds * 0.4 }))
if (process.platform !== 'win32') {
  say('cycles', await cycles({ command: 'SLEEP', jobs: 8, count: 1000, seconds: seconds * 0.2 }))
}
