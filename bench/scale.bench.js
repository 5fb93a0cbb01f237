// Limit: the same streams in one C program, a thread each (bench/limits/scale.c). Each turn is a fresh process that connects
// to all streams of one sender, so that only one receives at a time.
import './support/loopback.js'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { compiledLimit, noPython, Peer } from './support/peers.js'
import { THREADS } from './support/engines.js'
import { shownAgain } from './support/shown-again.js'

const each = counts => counts.map(count => ({ count, channels: 32, rate: 1000 }))
const LOADS = { full: each([1, 8, 32, 64]), quick: each([1, 8]) }

async function startStreams(load) {
  const prefix = `bench-${process.pid}-${process.hrtime.bigint().toString(36)}`
  const setup = JSON.stringify({ prefix, ...load })
  const sender = fork(new URL('./support/counting-sender.js', import.meta.url), [setup])
  await once(sender, 'message')
  const stop = async () => {
    const exited = once(sender, 'exit')
    sender.disconnect()
    await exited
  }
  return { prefix, stop }
}

const OURS = ({ label }) => `StreamWatcher, ${label}`
const PYTHON = "Python's StreamWatcher, a thread each"
const C = 'C, a thread each'

function goalsOf({ count, channels, rate }) {
  if (count !== 8 || channels !== 32 || rate !== 1000) return { cpu: [], memory: [] }
  const each = figures => THREADS.flatMap(threads => figures.map(figure => ({ id: 'B15', of: OURS(threads), ...figure, goal: `${OURS(threads)}: ${figure.goal}` }))) // prettier-ignore
  return {
    cpu: each([{ goal: "at most half of Python's", to: PYTHON, atMost: 0.5 }, { goal: 'at most 1.5 x C', to: C, atMost: 1.5 }]), // prettier-ignore
    memory: each([{ goal: 'at most 100 MiB', atMost: 100 }]),
  }
}

/** Four cases over the same turns: CPU, memory, the time to connect, and how late a timer of the main thread is. */
async function* scaleCases(load, { seconds, warmS, atMost }) {
  const { count, channels, rate } = load
  const { prefix, stop } = await startStreams(load)
  const args = [prefix, count, channels, seconds, warmS].map(String)
  const limit = compiledLimit('scale')
  const programs = [
    ...THREADS.map(threads => ({ label: OURS(threads), start: () => Peer.node('scale.js', args, { env: { ...process.env, ...threads.env } }) })), // prettier-ignore
    { label: PYTHON, start: () => Peer.python('scale_peer.py', ...args), absent: noPython },
    { label: C, start: () => new Peer(limit.program, args), absent: limit.absent },
  ]
  const seen = { memory: new Map(), connecting: new Map(), delays: new Map() }
  const answers = new Map(programs.map(({ label }) => [label, []]))
  const run = async ({ label, start }) => {
    const peer = start()
    try {
      answers.get(label).push(await peer.answer())
    } finally {
      await peer.stop()
    }
    const { cpuS, seconds: took } = answers.get(label).at(-1)
    return [(100 * cpuS) / took]
  }
  const contenders = programs.map(program => {
    const { label, absent } = program
    return absent ? { label, absent } : { label, measure: () => run(program) }
  })
  const summary = ({ label }) => {
    const all = answers.get(label)
    const lost = all.reduce((sum, each) => sum + each.lost, 0)
    const share = all.reduce((sum, { frames, seconds: took }) => sum + frames / (took * rate * count), 0)
    return `${label}: ${lost} lost, ${((100 * share) / all.length).toFixed(1)} % of the rate`
  }
  const note = () => programs.filter(program => !program.absent).map(summary).join('; ') // prettier-ignore
  const title = `${count === 1 ? '1 stream' : `${count} streams`} x ${channels} channels x ${rate} Hz`
  const { cpu, memory } = goalsOf(load)
  const growth = figure => ({ figure, of: 'streams', count })
  yield {
    name: `${title}: CPU`,
    unit: '% of a core',
    contenders,
    goals: cpu,
    growth: growth('CPU'),
    note,
    close: stop,
    atMost,
    warmUp: false,
  }
  for (const [label, all] of answers) {
    seen.memory.set(label, all.map(({ rssMiB }) => [rssMiB])) // prettier-ignore
    seen.connecting.set(label, all.map(({ connectS }) => [connectS * 1000])) // prettier-ignore
    seen.delays.set(label, all.map(({ delays }) => delays)) // prettier-ignore
  }
  yield {
    name: `${title}: memory`,
    unit: 'MiB',
    goals: memory,
    growth: growth('memory'),
    ...shownAgain(contenders, seen.memory),
  }
  yield { name: `${title}: connecting`, unit: 'ms', growth: growth('time to connect'), ...shownAgain(contenders, seen.connecting) } // prettier-ignore
  const late = `${title}: how late the main thread's timer of 10 ms is`
  yield { name: late, unit: 'ms', ...shownAgain(contenders, seen.delays) }
}

export default {
  id: 'scale (B15)',
  about: 'many streams at once in one process',
  async *cases({ quick }) {
    const spec = quick ? { seconds: 2, warmS: 3, atMost: 1 } : { seconds: 5, warmS: 10, atMost: 3 }
    for (const load of LOADS[quick ? 'quick' : 'full']) yield* scaleCases(load, spec)
  },
}
