import type { WatcherEvents } from '../../workers/watcher/watcher-api.js'
import type { Latency, Report } from './observer.js'

/** Seconds in the unit that reads best. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-'
  if (Math.abs(seconds) < 1) return `${(seconds * 1000).toFixed(1)} ms`
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`
}

/** A value in few characters. */
export function short(value: number | string): string {
  if (typeof value === 'string' || Number.isInteger(value) || !Number.isFinite(value)) return String(value)
  return Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toPrecision(4)
}

/** A latency beyond this is the difference of two clocks: stamps in Unix time, say. */
const MOST_LATENCY_S = 3600
/** An uncertainty below this changes nothing that is shown. */
const LEAST_UNCERTAINTY_S = 5e-5

/** A latency with what is known of it: an uncertain offset must not show as an exact figure, or as one below zero. */
export function latencyText(latency: Latency | undefined): string {
  if (latency === undefined) return 'latency -'
  const { p50S, maxS, uncertaintyS } = latency
  if (Math.abs(p50S) > MOST_LATENCY_S) return 'latency unknown (stamps of another clock)'
  if (p50S + uncertaintyS < 0) return `latency unknown (stamps ${duration(-p50S)} ahead)`
  if (p50S < uncertaintyS) return `latency below ${duration(p50S + uncertaintyS)}`
  const about = uncertaintyS >= LEAST_UNCERTAINTY_S ? ` ± ${duration(uncertaintyS)}` : ''
  return `latency ${duration(p50S)}${about} (max ${duration(maxS)})`
}

/** Every sample that did not arrive or was overwritten unread, with the causes. */
export function missingText({ stats, silentSamples }: Pick<Report, 'stats' | 'silentSamples'>): string {
  const causes = [
    ['network', stats.lost],
    // Samples that the network lost are also gaps in the stamps, and are not counted twice.
    ['by the stamps', Math.max(0, stats.gapFrames - stats.lost)],
    ['overwritten', stats.lapped],
    ['since it was lost', silentSamples],
  ] as const
  const total = causes.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return 'missing 0'
  const named = causes.filter(([, count]) => count > 0).map(([cause, count]) => `${count} ${cause}`)
  return `missing ${total} (${named.join(', ')})`
}

/** The rate now: the watcher's figure is of the last second in which something came. */
export function rateText({ state, stats }: Pick<Report, 'state' | 'stats'>): string {
  return `${(state === 'connected' && stats.ageS < 2 ? stats.rateByClock : 0).toFixed(1)} Hz`
}

/** What is to be said of stamps that are not LSL clock seconds; nothing of others. */
export function foreignText({ stats }: Pick<Report, 'stats'>): readonly string[] {
  if (stats.foreignClock === undefined) return []
  return [`STAMPS ARE ${stats.foreignClock === 'unix' ? 'UNIX TIME' : 'OF ANOTHER CLOCK'}, NOT LSL CLOCK`]
}

/** The figures of a report in one line. */
export function figures(report: Report): string {
  const { state, stats, latency } = report
  return [
    ...(state === 'connected' ? [] : [state.toUpperCase()]),
    ...foreignText(report),
    `${stats.frames} samples`,
    rateText(report),
    `age ${duration(stats.ageS)}`,
    missingText(report),
    latencyText(latency),
  ].join('  ')
}

/** What counts samples in the details of events, and what people read instead. */
const COUNTS: Readonly<Record<string, string>> = { gapFrames: 'missing', lost: 'missing' }

/** What a watcher tells, as one line. */
export function eventText(event: keyof WatcherEvents, detail: object): string {
  const fields = Object.entries(detail).map(([name, value]) =>
    name.endsWith('S') ? `${name.slice(0, -1)} ${duration(Number(value))}` : `${COUNTS[name] ?? name} ${String(value)}`,
  )
  return `${event}: ${fields.join(', ')}`
}
