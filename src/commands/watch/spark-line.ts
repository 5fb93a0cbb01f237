const BARS = '▁▂▃▄▅▆▇█'

/** The lowest and the highest value of a drawing. */
export interface Scale {
  readonly low: number
  readonly high: number
}

/** The scale that just holds all of `values`; undefined when none is a number. */
export function scaleOf(values: Iterable<number>): Scale | undefined {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return low <= high ? { low, high } : undefined
}

/** `values` as a line of bars on a scale, by default their own; what is not a number is a gap. */
export function sparkLine(values: readonly number[], { low, high } = scaleOf(values) ?? { low: 0, high: 0 }): string {
  const span = high - low
  return values
    .map(value => (Number.isFinite(value) ? BARS[span > 0 ? Math.round(((value - low) / span) * 7) : 3] : ' '))
    .join('')
}

/** The mean of each of `columns` equal parts of one channel of row-major samples; fewer when there are fewer frames. */
export function columnMeans(
  samples: ArrayLike<number | bigint>,
  channels: number,
  channel: number,
  columns: number,
): number[] {
  const frames = Math.floor(samples.length / channels)
  return Array.from({ length: Math.min(columns, frames) }, (_, column) => {
    const from = Math.floor((column * frames) / Math.min(columns, frames))
    const to = Math.floor(((column + 1) * frames) / Math.min(columns, frames))
    let sum = 0
    for (let i = from; i < to; i++) sum += Number(samples[i * channels + channel])
    return sum / (to - from)
  })
}
