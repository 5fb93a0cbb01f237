import type { WatcherEvents } from '../../workers/watcher-api.js'
import type { Report } from './observer.js'

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

/** The figures of a report in one line. */
export function figures({ state, stats, latency }: Report): string {
  const trouble = state === 'connected' ? '' : `${state.toUpperCase()}  `
  const gaps = stats.gaps > 0 ? `  gaps ${stats.gaps} (${stats.gapFrames} frames)` : ''
  return (
    `${trouble}${stats.frames} frames  ${stats.rateByClock.toFixed(1)} Hz  age ${duration(stats.ageS)}  ` +
    `lost ${stats.lost}  lapped ${stats.lapped}${gaps}  ` +
    `latency ${latency ? duration(latency.p50S) : '-'} (max ${latency ? duration(latency.maxS) : '-'})`
  )
}

/** What a watcher tells, as one line. */
export function eventText(event: keyof WatcherEvents, detail: object): string {
  const fields = Object.entries(detail).map(([name, value]) =>
    name.endsWith('S') ? `${name.slice(0, -1)} ${duration(Number(value))}` : `${name} ${String(value)}`,
  )
  return `${event}: ${fields.join(', ')}`
}
