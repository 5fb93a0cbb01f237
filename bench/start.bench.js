// Limit: a C program that finds one stream and opens an inlet on it.
import './support/loopback.js'
import { StreamWatcher } from '../dist/index.js'
import { startSender } from './support/consumers.js'
import { ENGINES } from './support/engines.js'
import { compiledLimit, noPython, Peer } from './support/peers.js'

const OURS = engine => `StreamWatcher, ${engine}`
const ONE = engine => `${OURS(engine)}, one of them`

async function ours(names, engine) {
  const watchers = names.map(name => new StreamWatcher({ name, engine }))
  const start = performance.now()
  await Promise.all(watchers.map(watcher => watcher.connectToStream({ timeoutS: 30 })))
  const tookMs = performance.now() - start
  await Promise.all(watchers.map(watcher => watcher.disconnect()))
  return [tookMs]
}

async function asked(label, start, absent) {
  if (absent) return { label, absent }
  const peer = start()
  await peer.answer()
  return { label, stop: () => peer.stop(), measure: async names => [1000 * (await peer.ask(names.join(' ')))] }
}

async function startCase(count, atMost) {
  const unique = `bench-${process.pid}-start-${count}`
  const names = Array.from({ length: count }, (_, i) => `${unique}-${i}`)
  const sender = await startSender({ names, channels: 8, rate: 100 })
  const limit = compiledLimit('open')
  const python = await asked("Python's StreamWatcher", () => Peer.python('start_peer.py'), noPython)
  const open = await asked('C, one of them', () => new Peer(limit.program, []), limit.absent)
  const contenders = [
    ...ENGINES.map(engine => ({ label: OURS(engine), measure: () => ours(names, engine) })),
    ...(count === 1 ? [] : ENGINES.map(engine => ({ label: ONE(engine), measure: () => ours(names.slice(0, 1), engine) }))), // prettier-ignore
    python.absent ? python : { ...python, measure: () => python.measure(names) },
    open.absent ? open : { ...open, measure: () => open.measure(names.slice(0, 1)) },
  ]
  const close = async () => {
    await Promise.all([python.stop?.(), open.stop?.()])
    await sender.close()
  }
  const goals = ENGINES.flatMap(engine => {
    const of = OURS(engine)
    if (count === 1) return [{ id: 'B16', goal: `${of}: at most 60 ms`, of, atMost: 60 }]
    if (count === 16) return [{ id: 'B16', goal: `${of}: 16 at most 2 x one`, of, to: ONE(engine), atMost: 2 }]
    return []
  })
  return { name: `${count} ${count === 1 ? 'stream' : 'streams'}`, unit: 'ms', contenders, goals, close, atMost }
}

export default {
  id: 'start (B16)',
  about: 'from nothing to connected watchers, the streams being there',
  async *cases({ quick }) {
    for (const count of quick ? [1, 4] : [1, 4, 16]) yield startCase(count, quick ? 3 : 7)
  },
}
