// Limit: the C program's loop on the same library, one array, nothing kept. All include the sender's process and TCP.
import './support/loopback.js'
import { startConsumers } from './support/consumers.js'
import { ENGINES } from './support/engines.js'
import { shownAgain } from './support/shown-again.js'

// liblsl's sender is slower than any of the receivers: with it all look alike.
const CASES = [
  { channels: 8, chunk: 32, frames: 102_400, sender: 'builtin' },
  { channels: 8, chunk: 32, frames: 102_400, sender: 'liblsl' },
  { channels: 64, chunk: 32, frames: 51_200, sender: 'builtin' },
  { channels: 8, chunk: 1, frames: 51_200, sender: 'builtin' },
]
const OURS = engine => `StreamWatcher, ${engine}`
const PYTHON = "Python's StreamWatcher.update()"
const C = 'C pull loop'
const WHO = [
  ...ENGINES.map(engine => ({ label: OURS(engine), kind: 'main', engine })),
  { label: PYTHON, kind: 'dareplane' },
  { label: 'pylsl, pull_chunk(dest_obj)', kind: 'pylsl' },
  { label: 'pull loop in a Node worker', kind: 'plain' },
  { label: C, kind: 'c' },
]

/** Two cases over the same rounds: how long a sample took, and what it cost. */
async function* throughputCases({ channels, chunk, frames, sender }) {
  const { all, close } = await startConsumers(WHO, { channels, rate: 10_000, bufferSamples: frames, sender })
  const cpu = new Map(all.map(({ label }) => [label, []]))
  const contenders = all.map(({ label, absent, take }) => {
    if (absent) return { label, absent }
    const measure = async () => {
      const { cpuS, startS, lastS } = await take({ frames, chunk })
      cpu.get(label).push([(cpuS * 1e6) / frames])
      return [((lastS - startS) * 1e9) / frames]
    }
    return { label, measure }
  })
  const rate = (ns, i) => Number.isNaN(ns) ? [] : [`${all[i].label} ${(1e6 / ns).toFixed(0)} k samples/s`] // prettier-ignore
  const isGoal = channels === 8 && chunk === 32 && sender === 'builtin'
  const goalsOf = (...figures) => isGoal ? ENGINES.flatMap(engine => figures.map(figure => ({ id: 'B5', of: OURS(engine), ...figure, goal: `${OURS(engine)}: ${figure.goal}` }))) : [] // prettier-ignore
  const name = `${channels} channels, chunks of ${chunk}, ${frames} frames at once, sent by ${sender}`
  yield {
    name,
    unit: 'ns/sample',
    contenders,
    goals: goalsOf({ goal: "at least C's rate", to: C, atMost: 1 }, { goal: "at least Python's rate", to: PYTHON, atMost: 1 }), // prettier-ignore
    note: medians => medians.flatMap(rate).join(', '),
    close,
  }
  yield {
    name: `${name}: CPU`,
    unit: 's/10^6 samples',
    ...shownAgain(contenders, cpu, { warmUp: true }),
    goals: goalsOf({ goal: 'CPU at most 1.5 x C', to: C, atMost: 1.5 }),
  }
}

export default {
  id: 'watcher-throughput (B5)',
  about: 'from the first push of another process to the last sample seen by a program, nothing lost',
  async *cases({ quick }) {
    if (quick) yield* throughputCases({ ...CASES[0], frames: 25_600 })
    else for (const spec of CASES) yield* throughputCases(spec)
  },
}
