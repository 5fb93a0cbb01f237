// Limit: the same two modules as C programs (bench/limits/chain.c). Every chain has its own source stream and its own
// processes; only one is fed at a time. The receiver of the markers is the same program for all.
import './support/loopback.js'
import { startSender } from './support/consumers.js'
import { compiledLimit, noPython, Peer } from './support/peers.js'
import { ENGINES, withEngine } from './support/engines.js'
import { shownAgain } from './support/shown-again.js'
import { quantile } from './support/statistics.js'

const CASES = { full: [{ rate: 1000, frames: 2000 }, { rate: 5500, frames: 5500 }], quick: [{ rate: 1000, frames: 500 }] } // prettier-ignore
const SAMPLES_PER_MARKER = 10
const SLEEP_S = 0.001
const LEGS = ['source to decoder', 'decoder to control', 'control to trigger']

const python = (kind, source, target, rate) => Peer.python('chain_module.py', kind, source, target, rate, SLEEP_S)
const node = (where, engine) => (kind, source, target, rate) =>
  Peer.node('chain-module.js', [kind, source, target, rate, where], withEngine(engine))

const MAIN = engine => `ours, ${engine}, on the main thread`
const JOBS = engine => `ours, ${engine}, in worker jobs`
const PYTHON = "Python's StreamWatcher, sleep_s(1 ms)"
const C = 'C'
const GOALS = ENGINES.flatMap(engine => [
  { id: 'B14', goal: `${MAIN(engine)}: p50 at most a third of Python's`, of: MAIN(engine), to: PYTHON, atMost: 1 / 3 },
  {
    id: 'B24',
    goal: `${MAIN(engine)}: p99 at most half of Python's`,
    of: MAIN(engine),
    to: PYTHON,
    q: 0.99,
    atMost: 0.5,
  },
  { id: 'B24', goal: `${MAIN(engine)}: p99 at most 2 x C`, of: MAIN(engine), to: C, q: 0.99, atMost: 2 },
  { id: 'B24', goal: `${JOBS(engine)}: p99 at most 1.2 x C`, of: JOBS(engine), to: C, q: 0.99, atMost: 1.2 },
])

/** How the chains start a module, and whether it has to be told how many samples will come. */
function chains() {
  const limit = compiledLimit('chain')
  return [
    ...ENGINES.map(engine => ({ id: `main-${engine}`, label: MAIN(engine), start: node('main', engine) })),
    ...ENGINES.map(engine => ({ id: `worker-${engine}`, label: JOBS(engine), start: node('worker', engine) })),
    { id: 'python', label: PYTHON, start: python, told: true, absent: noPython },
    {
      id: 'c',
      label: C,
      start: (kind, source, target, rate) => new Peer(limit.program, [kind, source, target, String(rate)]),
      told: true,
      absent: limit.absent,
    },
  ]
}

async function startLoop(rate) {
  const unique = `bench-${process.pid}-${process.hrtime.bigint().toString(36)}`
  const all = chains()
  const present = all.filter(({ absent }) => absent === undefined)
  const named = (id, stage) => `${unique}-${id}-${stage}`
  const names = present.map(({ id }) => named(id, 'source'))
  const sender = await startSender({ names, channels: LEGS.length, rate, format: 'double64' })
  for (const chain of present) {
    const { id, start } = chain
    chain.modules = []
    for (const [kind, from, to] of [
      ['pass', 'source', 'decoded'],
      ['threshold', 'decoded', 'markers'],
    ]) {
      // prettier-ignore
      const module = start(kind, named(id, from), named(id, to), rate)
      chain.modules.push(module)
      await module.answer()
    }
  }
  const trigger = Peer.node('trigger.js', present.map(({ id }) => named(id, 'markers'))) // prettier-ignore
  await trigger.answer()
  const run = async (chain, frames) => {
    const stream = present.indexOf(chain)
    const count = Math.floor(frames / SAMPLES_PER_MARKER)
    const told = chain.told ? chain.modules.map(module => module.ask(frames)) : []
    const triggered = trigger.ask(`${stream} ${count}`)
    await sender.send({ stream, frames, signal: true })
    const deltas = await triggered
    await Promise.all(told)
    if (deltas.length < count) throw new Error(`${chain.label}: ${deltas.length} of ${count} markers came`)
    return deltas
  }
  const close = async () => {
    await Promise.all([trigger, ...present.flatMap(({ modules }) => modules)].map(peer => peer.stop()))
    await sender.close()
  }
  return { all, run, close }
}

/** Four cases over the same rounds: what is measured by the first, the whole way, is shown by the others leg by leg. */
async function* loopCases({ rate, frames }) {
  const { all, run, close } = await startLoop(rate)
  const legs = new Map(all.map(chain => [chain, LEGS.map(() => [])]))
  const measured = all.map(chain => {
    const { label, absent } = chain
    if (absent !== undefined) return { label, absent }
    const measure = async () => {
      const deltas = await run(chain, frames)
      LEGS.forEach((_, leg) => legs.get(chain)[leg].push(deltas.map(delta => delta[leg] * 1e6)))
      return deltas.map(([a, b, c]) => (a + b + c) * 1e6)
    }
    return { label, measure }
  })
  const title = `${rate} Hz, double64 x ${LEGS.length}`
  const sums = () =>
    all
      .filter(({ absent }) => absent === undefined)
      // The first round is the warm-up.
      .map(chain => `${chain.label} ${sumOfQ99(legs.get(chain).map(rounds => rounds.slice(1).flat())).toFixed(0)} us`)
      .join('; ')
  const note = () => `sum of the 99 % quantiles of the three legs: ${sums()}`
  yield {
    name: `${title}: source to trigger`,
    unit: 'us',
    contenders: measured,
    goals: rate === 1000 ? GOALS : [],
    note,
    close,
  }
  for (const [leg, name] of LEGS.entries()) {
    const seen = new Map(all.map(chain => [chain.label, legs.get(chain)[leg]]))
    yield { name: `${title}: ${name}`, unit: 'us', ...shownAgain(all, seen, { warmUp: true }) }
  }
}

const sumOfQ99 = legs => legs.reduce((sum, values) => sum + quantile(values, 0.99), 0)

export default {
  id: 'closed-loop (B14)',
  about: 'outlet, watcher, pass-through module, LSL, watcher, threshold module, marker outlet: where the time goes',
  async *cases({ quick }) {
    for (const spec of CASES[quick ? 'quick' : 'full']) yield* loopCases(spec)
  },
}
