// Limit: what liblsl does by itself, in a C program (an inlet that recovers). All wait for the same outlet at the same time.
import './support/loopback.js'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { localClock, StreamWatcher } from '../dist/index.js'
import { ENGINES } from './support/engines.js'
import { compiledLimit, Peer } from './support/peers.js'

const LOAD = { count: 1, channels: 8, rate: 100 }
const DEAD_MS = 1000
const OURS = engine => `StreamWatcher, ${engine}`
const THEIRS = 'liblsl by itself'

/** Old libraries ask for their outlet with its rate as text, which no current outlet satisfies: they never find it again. */
function ownRecovery(version) {
  const [major, minor] = version.split('.').map(Number)
  return major === 1 && minor < 16 ? { absent: `liblsl ${version} does not find it again` } : compiledLimit('pull')
}

async function recoveryCase(atMost) {
  const prefix = `bench-${process.pid}-recovery`
  const startOutlet = async () => {
    const outlet = fork(new URL('./support/counting-sender.js', import.meta.url), [JSON.stringify({ prefix, ...LOAD })])
    await once(outlet, 'message')
    return outlet
  }
  let outlet = await startOutlet()
  const name = `${prefix}-0`
  const watchers = await Promise.all(
    ENGINES.map(engine => new StreamWatcher({ name, engine }).connectToStream({ timeoutS: 15 })),
  )
  const { program, absent } = ownRecovery(watchers[ENGINES.indexOf('liblsl')].stats.libraryVersion)
  const peer = program && new Peer(program, [name, LOAD.channels, 60, 1].map(String))
  await peer?.answer()

  /** One death and return of the outlet; when each saw its first sample after it, ms since the outlet was back. */
  const turn = async () => {
    const recovered = watchers.map(
      watcher => new Promise(resolve => watcher.once('recovered', () => resolve(localClock()))),
    )
    const dead = once(outlet, 'exit')
    outlet.kill('SIGKILL')
    await dead
    await after(DEAD_MS)
    const next = peer?.ask('next')
    outlet = await startOutlet()
    const backS = localClock()
    const oursS = await Promise.all(recovered)
    const theirs = await next
    const seenS = [...oursS, theirs?.lastS ?? NaN]
    return [...ENGINES.map(OURS), THEIRS].map((label, i) => [label, [(seenS[i] - backS) * 1000]])
  }
  // Whoever has its turn first does it for all.
  let seen = new Map()
  const measured = who => async () => {
    if (!seen.has(who)) seen = new Map(await turn())
    const samples = seen.get(who)
    seen.delete(who)
    return samples
  }
  const contenders = [
    ...ENGINES.map(engine => ({ label: OURS(engine), measure: measured(OURS(engine)) })),
    absent ? { label: THEIRS, absent } : { label: THEIRS, measure: measured(THEIRS) },
  ]
  const goals = ENGINES.map(engine => ({ id: 'B17', goal: `${OURS(engine)}: at most 0.6 of liblsl by itself`, of: OURS(engine), to: THEIRS, atMost: 0.6 })) // prettier-ignore
  const close = async () => {
    await Promise.all(watchers.map(watcher => watcher.disconnect()))
    await peer?.stop()
    const exited = once(outlet, 'exit')
    outlet.disconnect()
    await exited
  }
  return { name: `killed, and back after ${DEAD_MS} ms`, unit: 'ms', contenders, goals, close, atMost, warmUp: false }
}

export default {
  id: 'recovery (B17)',
  about: 'from the return of an outlet to its first sample in the ring',
  async *cases({ quick }) {
    yield recoveryCase(quick ? 3 : 11)
  },
}
