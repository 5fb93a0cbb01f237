// Limit: the same streams in one C program, a thread each (bench/limits/scale.c). Each turn is a fresh process that connects
// to all streams of one sender, so that only one receives at a time.
import './support/loopback.js'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { compiledLimit, noPython, Peer } from './support/peers.js'
import { quantile } from './support/statistics.js'

const LOADS = {
  full: [
    { count: 32, channels: 32, rate: 1000 },
    { count: 8, channels: 32, rate: 1000 },
  ],
  quick: [{ count: 8, channels: 32, rate: 1000 }],
}

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

/** Two cases over the same turns: CPU, and how late a timer of the main thread is. */
async function* scaleCases(load, { seconds, atMost }) {
  const { count, channels, rate } = load
  const { prefix, stop } = await startStreams(load)
  const args = [prefix, count, channels, seconds].map(String)
  const limit = compiledLimit('scale')
  const programs = [
    { label: 'ours, all read on the main thread', start: () => Peer.node('scale.js', ...args) },
    { label: "Python's StreamWatcher, a thread each", start: () => Peer.python('scale_peer.py', ...args), absent: noPython }, // prettier-ignore
    { label: 'C, a thread each', start: () => new Peer(limit.program, args), absent: limit.absent },
  ]
  const seen = new Map(programs.map(program => [program, []]))
  const contendersBy = samplesOf =>
    programs.map(program => {
      const { label, absent } = program
      return absent ? { label, absent } : { label, measure: () => samplesOf(program) }
    })
  const run = async program => {
    const peer = program.start()
    try {
      seen.get(program).push(await peer.answer())
    } finally {
      await peer.stop()
    }
    const { cpuS, seconds: took } = seen.get(program).at(-1)
    return [(100 * cpuS) / took]
  }
  const summary = program => {
    const answers = seen.get(program)
    const lost = answers.reduce((sum, each) => sum + each.lost, 0)
    const share = answers.reduce((sum, { frames, seconds: took }) => sum + frames / (took * rate * count), 0)
    const delay = quantile(answers.flatMap(({ delays }) => delays), 0.99) // prettier-ignore
    return `${program.label}: ${lost} lost, ${((100 * share) / answers.length).toFixed(1)} % of the rate, main thread late by ${delay.toFixed(2)} ms (p99), ${Math.max(...answers.map(({ rssMiB }) => rssMiB)).toFixed(0)} MiB`
  }
  const note = () => programs.filter(program => !program.absent).map(summary).join('; ') // prettier-ignore
  const title = `${count} streams x ${channels} channels x ${rate} Hz`
  const shared = { atMost, warmUp: false }
  yield { name: `${title}: CPU`, unit: '% of a core', contenders: contendersBy(run), note, close: stop, ...shared }
  const delays = new Map(programs.map(program => [program, seen.get(program).map(each => each.delays)]))
  const contenders = contendersBy(program => delays.get(program).shift())
  yield {
    name: `${title}: how late the main thread's timer of 10 ms is`,
    unit: 'ms',
    contenders,
    ...shared,
    atMost: seen.get(programs[0]).length,
  }
}

export default {
  id: 'scale (B15)',
  about: 'many streams at once in one process',
  async *cases({ quick }) {
    const spec = quick ? { seconds: 2, atMost: 1 } : { seconds: 5, atMost: 3 }
    for (const load of LOADS[quick ? 'quick' : 'full']) yield* scaleCases(load, spec)
  },
}
