// Runs a bench: contenders take turns within every round, so that whatever else the machine does meets them alike.
import { execFileSync } from 'node:child_process'
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os'
import { max, median, quantile, ratioInterval, spread } from './support/statistics.js'

/** The limit may scatter by this much between rounds (interquartile range over median) before the run is called unstable. */
const STABLE_SPREAD = 0.15
export const ROUNDS = { full: 11, quick: 7 }

/**
 * One way of doing the work: `measure()` answers the samples of one round, all in the unit of the case; less is better.
 * The first contender of a case is ours, the last one the limit (or the baseline) that it is divided by.
 * @typedef {{ label: string, measure: () => number[] | Promise<number[]> }} Contender
 * @typedef {{ name: string, unit: string, contenders: Contender[], note?: (medians: number[]) => string, close?: () => unknown }} Case
 * @typedef {{ id: string, about: string, cases: (context: { quick: boolean }) => Iterable<Case> | AsyncIterable<Case> }} Bench
 */

/** Measures one case: a warm-up round that is thrown away, then `rounds` rounds. */
export async function runCase({ name, unit, contenders, note, close }, rounds) {
  const samples = contenders.map(() => [])
  const medians = contenders.map(() => [])
  try {
    for (let round = -1; round < rounds; round++) {
      // A, B, L, then B, L, A: nobody always comes first.
      for (let turn = 0; turn < contenders.length; turn++) {
        const i = (turn + Math.max(0, round)) % contenders.length
        const measured = await contenders[i].measure()
        if (round < 0) continue
        for (const sample of measured) samples[i].push(sample)
        medians[i].push(median(measured))
      }
    }
  } finally {
    await close?.()
  }
  const limit = medians.at(-1)
  const results = contenders.map(({ label }, i) => {
    const ratios = medians[i].map((value, round) => value / limit[round])
    return {
      label,
      rounds: medians[i],
      p50: quantile(samples[i], 0.5),
      p99: quantile(samples[i], 0.99),
      max: max(samples[i]),
      ratio: median(ratios),
      ratioInterval: ratioInterval(ratios),
    }
  })
  const limitSpread = spread(limit)
  return {
    name,
    unit,
    contenders: results,
    limitSpread,
    unstable: limitSpread > STABLE_SPREAD,
    ...(note && { note: note(results.map(({ rounds }) => median(rounds))) }),
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

/** What the figures were measured on. */
export function fingerprint() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()} ${arch()}`,
    node: process.version,
    v8: process.versions.v8,
    loadBefore: loadavg()[0],
    commit: commit(),
    date: new Date().toISOString(),
  }
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    // Not a clone: the figures still count, they only cannot be traced.
    return 'unknown'
  }
}
