const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

/** Local time of day, `14:03:18`, with so many digits behind the second. Cut, not rounded: a clock never runs ahead. */
export function clockTime(wallS: number, digits = 0): string {
  if (!Number.isFinite(wallS)) return '–'
  const date = new Date(wallS * 1000)
  const whole = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
  if (digits === 0) return whole
  const fraction = Math.floor((((wallS % 1) + 1) % 1) * 10 ** digits)
  return `${whole}.${pad(fraction, digits)}`
}

/** A length of time, `12:31` or `00:42:17`. */
export function duration(seconds: number, withHours = seconds >= 3600): string {
  const whole = Math.max(0, Math.floor(seconds))
  const minutes = `${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`
  return withHours ? `${pad(Math.floor(whole / 3600))}:${minutes}` : minutes
}

/** Seconds as a person reads an age: ms below one second. */
export function age(seconds: number | undefined): { readonly value: string; readonly unit: string } {
  if (seconds === undefined) return { value: '–', unit: '' }
  if (seconds < 0.995) return { value: String(Math.round(seconds * 1000)), unit: 'ms' }
  return seconds < 100 ? { value: seconds.toFixed(1), unit: 's' } : { value: String(Math.round(seconds)), unit: 's' }
}

/** Three digits of a value in the unit of its channel. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size >= 1e5 || (size > 0 && size < 1e-3)) return value.toExponential(1)
  return size >= 100 ? value.toFixed(0) : size >= 2 ? value.toFixed(1) : value.toFixed(2)
}

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes as a person reads them. */
export function size(bytes: number): string {
  const power = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Math.log10(bytes || 1) / 3)))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${SIZES[power] ?? ''}`
}

/** How many of what. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
