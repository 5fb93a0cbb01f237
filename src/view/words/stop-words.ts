import { clockTime, plural } from './format.js'
import type { ModuleStatus, ModuleStop, StopResult } from '../wire/status.js'

/** How long it is said how the last STOP ALL went, unless it is not confirmed. */
const SHOWN_S = 60

/** What stands on the button after a STOP ALL. */
export interface StopWords {
  readonly kind: 'stopped' | 'answered' | 'unconfirmed'
  readonly title: string
  readonly detail: string
}

/**
 * What a STOP ALL has done, in words. It has stopped only where the end of the jobs was reported: at once, or since then, as
 * `modules` tell. Pure.
 */
export function stopWords(result: StopResult, modules: readonly ModuleStatus[], now: number): StopWords | undefined {
  const { at, tookMs } = result
  const isOverSince = ({ module }: ModuleStop): boolean => {
    const { state, jobs, notConfirmed } = modules.find(({ key }) => key === module) ?? {}
    return state === 'up' && jobs?.length === 0 && notConfirmed === undefined
  }
  const names = (list: readonly ModuleStop[]): string => list.map(({ name }) => name).join(', ')
  const isOpen = (stop: ModuleStop): boolean =>
    stop.outcome === 'silent' ? stop.mayHaveJob : stop.outcome === 'reported' && stop.ended < stop.jobs
  const open = result.modules.filter(isOpen)
  const still = open.filter(stop => !isOverSince(stop))
  if (still.length > 0)
    return { kind: 'unconfirmed', title: 'STOP NOT CONFIRMED', detail: `${names(still)} may run · ${clockTime(at, 2)}` }
  if (now - at > SHOWN_S) return undefined
  const jobs = result.modules.reduce((sum, stop) => sum + stop.jobs, 0)
  const ended = result.modules.reduce((sum, stop) => sum + stop.ended, 0)
  const silent = result.modules.filter(stop => stop.outcome === 'silent' && !open.includes(stop))
  const answered = result.modules.filter(({ outcome }) => outcome === 'answered')
  const parts = [
    result.modules.length === 0
      ? 'no module is known'
      : jobs === 0
        ? 'no job ran'
        : `${ended} of ${plural(jobs, 'job')} ended`,
    ...(open.length > 0 ? [`${names(open)} later`] : []),
    ...(answered.length > 0 ? [`${names(answered)} only answered`] : []),
    ...(silent.length > 0 ? [`${names(silent)} did not answer`] : []),
  ]
  const isReported = answered.length === 0 && result.modules.length > 0
  const how = isReported ? 'Stopped' : 'STOP sent'
  return {
    kind: isReported ? 'stopped' : 'answered',
    title: `${how} at ${clockTime(at, 2)} (${tookMs < 1000 ? `${tookMs.toFixed(0)}\u00a0ms` : `${(tookMs / 1000).toFixed(1)}\u00a0s`})`,
    detail: parts.join(' · '),
  }
}
