/** The value below which the part `q` of `values` lies. */
export function quantile(values, q) {
  const sorted = Float64Array.from(values).sort()
  return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]
}

export const median = values => quantile(values, 0.5)

export const max = values => values.reduce((most, value) => Math.max(most, value), -Infinity)

/** Interquartile range over median: how much the rounds scatter, whatever a single one does. */
export function spread(values) {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / median(values)
}

/** 95 % interval of the median, from resampling with a fixed seed. */
export function ratioInterval(ratios, resamples = 1000) {
  let state = 1
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const medians = Array.from({ length: resamples }, () =>
    median(ratios.map(() => ratios[Math.floor(next() * ratios.length)])),
  )
  return [quantile(medians, 0.025), quantile(medians, 0.975)]
}
