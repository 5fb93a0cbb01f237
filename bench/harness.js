// Runs a bench: contenders take turns within every round, so that whatever else the machine does meets them alike.
import { Distribution } from './support/distribution.js'
import { answered } from './support/goals.js'
import { median, ratioInterval, spread } from './support/statistics.js'

/** The limit may scatter by this much between rounds (interquartile range over median) before the run is called unstable. */
const STABLE_SPREAD = 0.15
export const ROUNDS = { full: 11, quick: 7 }
/** In a quick run a case ends early when it has taken so long, but not before it has so many rounds. */
export const QUICK_BUDGET_MS = 3000
const FEWEST_ROUNDS = 3

/**
 * One way of doing the work: `measure()` answers the samples of one round, all in the unit of the case; less is better.
 * The first contender of a case is ours, the last one the limit (or the baseline) that it is divided by. One that cannot be
 * measured here has a reason, `absent`, instead: its row says so.
 * @typedef {{ label: string, measure: () => number[] | Promise<number[]> } | { label: string, absent: string }} Contender
 * `atMost` rounds are enough for a case whose rounds take seconds; one that starts afresh each time needs no `warmUp`.
 * `goals` are answered from its rounds. Cases with a `growth` of the same figure are points of one plot: { figure, of, count }.
 * @typedef {{ name: string, unit: string, contenders: Contender[], atMost?: number, warmUp?: boolean, goals?: import('./support/goals.js').Goal[], growth?: import('./support/growth.js').Growth, note?: (medians: number[]) => string, close?: () => unknown }} Case
 * @typedef {{ id: string, about: string, cases: (context: { quick: boolean }) => Iterable<Case> | AsyncIterable<Case> }} Bench
 */

/**
 * Measures one case: a warm-up round that is thrown away, then `rounds` rounds, fewer if they take longer than `budgetMs`.
 * `progress` hears of each turn.
 */
export async function runCase(
  { name, unit, contenders, atMost = Infinity, warmUp = true, goals = [], growth, note, close },
  rounds,
  { progress = () => {}, budgetMs = Infinity } = {},
) {
  const end = performance.now() + budgetMs
  const present = contenders.filter(({ absent }) => absent === undefined)
  const measured = new Map(present.map(contender => [contender, { all: new Distribution(), rounds: [], samples: [] }]))
  const last = Math.min(rounds, atMost)
  try {
    for (let round = warmUp ? -1 : 0; round < last; round++) {
      if (round >= FEWEST_ROUNDS && performance.now() > end) break
      // A, B, L, then B, L, A: nobody always comes first.
      for (let turn = 0; turn < present.length; turn++) {
        const contender = present[(turn + Math.max(0, round)) % present.length]
        progress(`${name}: ${round < 0 ? 'warm-up' : `round ${round + 1} of ${last}`}, ${contender.label}`)
        const samples = await contender.measure()
        if (round < 0) continue
        const { all, rounds: medians, samples: kept } = measured.get(contender)
        for (const sample of samples) all.record(sample)
        medians.push(median(samples))
        if (goals.length > 0) kept.push(samples)
      }
    }
  } finally {
    await close?.()
  }
  const limit = measured.get(present.at(-1)).rounds
  const results = contenders.map(({ label, absent }, i) => {
    if (absent !== undefined) return { label, absent }
    const { all, rounds } = measured.get(contenders[i])
    const ratios = rounds.map((value, round) => value / limit[round])
    return { label, rounds, ...all.figures(), ratio: median(ratios), ratioInterval: ratioInterval(ratios) }
  })
  const limitSpread = spread(limit)
  const roundsOf = wanted => measured.get(present.find(({ label }) => label === wanted))?.samples
  return {
    name,
    unit,
    contenders: results,
    limitSpread,
    unstable: limitSpread > STABLE_SPREAD,
    ...(goals.length > 0 && { goals: goals.map(goal => answered(goal, roundsOf)) }),
    ...(growth && { growth }),
    ...(note && { note: note(results.map(({ rounds }) => (rounds ? median(rounds) : NaN))) }),
  }
}

/** Times `work(n)` in batches: one sample per batch, nanoseconds per call of the work. */
export function timed(label, work, { calls, batches = 50 }) {
  return {
    label,
    measure() {
      const samples = []
      for (let batch = 0; batch < batches; batch++) {
        const start = process.hrtime.bigint()
        work(calls)
        samples.push(Number(process.hrtime.bigint() - start) / calls)
      }
      return samples
    },
  }
}
