const BARS = '▁▂▃▄▅▆▇█'

/** `values` as a line of bars between their own minimum and maximum; what is not a number is a gap. */
export function sparkLine(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite)
  const low = Math.min(...finite)
  const span = Math.max(...finite) - low
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
