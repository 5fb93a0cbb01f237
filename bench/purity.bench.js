// Limit: none at all. A collection stops its thread for a moment that a closed loop would notice.
import './support/loopback.js'
import { join } from 'node:path'
import { startSender } from './support/consumers.js'
import { ENGINES, withEngine } from './support/engines.js'
import { Peer } from './support/peers.js'

const SPEC = { channels: 8, rate: 1000 }
const WARM_UP_S = 4
const WORKER = "watcher's worker"
const MOST = { builtin: 0, liblsl: 3 }
const SUPPORT = join(import.meta.dirname, 'support')

async function* purityCases({ seconds, atMost }) {
  const modes = { watch: 'nobody reads', windows: 'windows() on the main thread' }
  const unique = `bench-${process.pid}-purity`
  const runs = Object.keys(modes).flatMap(mode => ENGINES.map(engine => ({ mode, engine })))
  const names = runs.map(({ mode, engine }) => `${unique}-${mode}-${engine}`)
  const sender = await startSender({ names, ...SPEC })
  for (const [stream, { mode, engine }] of runs.entries()) {
    const args = ['--import', join(SUPPORT, 'gc-probe.js'), join(SUPPORT, 'purity.js'), names[stream], mode]
    const peer = new Peer(process.execPath, args, withEngine(engine))
    await peer.answer()
    const watchFor = async s => {
      const [answer] = await Promise.all([peer.ask(s), sender.send({ stream, frames: (s + 1) * SPEC.rate })])
      return answer
    }
    await watchFor(WARM_UP_S)
    const seen = []
    const measure = async () => {
      const answer = await watchFor(seconds)
      seen.push(answer)
      return [(answer.worker.events * 60) / seconds]
    }
    const main = () => [((seen.at(-1)?.main.events ?? 0) * 60) / seconds]
    yield {
      name: `${SPEC.channels} channels at ${SPEC.rate} Hz, ${engine}, ${modes[mode]}, ${seconds} s a round`,
      unit: 'GC events/min',
      atMost,
      warmUp: false,
      contenders: [
        { label: WORKER, measure },
        { label: 'main thread', measure: main },
        { label: 'none', measure: () => [0] },
      ],
      goals: [
        {
          id: 'B18',
          goal: `${engine}: at most ${MOST[engine]} collections a minute`,
          of: WORKER,
          atMost: MOST[engine],
        },
      ],
      note: () => seen.map(allocated).join('; '),
      close: () => peer.stop(),
    }
  }
  await sender.close()
}

function allocated({ pulls, worker, main }) {
  const perPull = ({ events, bytes }) => (events > 0 ? `${events} collections` : `${(bytes / pulls).toFixed(0)} bytes a pull`) // prettier-ignore
  return `${pulls} pulls, worker ${perPull(worker)}, main ${perPull(main)}`
}

export default {
  id: 'purity (B18)',
  about: 'garbage collections while samples arrive one by one',
  cases: ({ quick }) => purityCases(quick ? { seconds: 3, atMost: 1 } : { seconds: 60, atMost: 1 }),
}
