// What a case is to reach, as a script reads it from the JSON: { id, goal, measured, interval, reached }.
import { median, quantile, ratioInterval } from './statistics.js'

/**
 * A goal of a case: the figure of the contender `of`, divided by that of `to` if there is one, is at most `atMost`. The figure
 * is the quantile `q` (default the median) of each round.
 * @typedef {{ id: string, goal: string, of: string, to?: string, q?: number, atMost: number }} Goal
 */

/** Answers a goal, from `rounds(label)`: the samples of each round of that contender, undefined where it is absent. */
export function answered({ id, goal, of, to, q = 0.5, atMost }, rounds) {
  const ours = rounds(of)
  const theirs = to === undefined ? ours?.map(() => [1]) : rounds(to)
  if (ours === undefined || theirs === undefined) return { id, goal, measured: null, interval: null, reached: null }
  const figures = ours.map((samples, round) => quantile(samples, q) / quantile(theirs[round], q))
  const measured = median(figures)
  return { id, goal, measured, interval: ratioInterval(figures), reached: measured <= atMost }
}

/** A goal for people. */
export function goalLine({ id, goal, measured, interval, reached }) {
  if (measured === null) return `${id}: ${goal}: not measured here`
  const [low, high] = interval.map(value => Number(value.toPrecision(3)))
  return `${id}: ${goal}: ${reached ? 'reached' : 'NOT reached'}, ${Number(measured.toPrecision(3))} (${low} to ${high})`
}
