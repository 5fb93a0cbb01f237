/** Values of one pair of sections in the coefficients: b0, b1, b2, a1, a2 of the one, then of the other. */
const PAIR_COEFFICIENTS = 10
/** Values of one pair of sections and one channel in the state: two of each section. */
export const PAIR_STATE = 4

/**
 * Runs two sections, one after the other, over values[from], values[from + channels], ... of one channel after the other,
 * in place. The transposed direct form II, in scipy's order of operations. Two at a time, because what one loop holds in
 * registers costs a third of what it holds in arrays: measured in bench/filters.bench.js.
 */
export function filterPair(
  coefficients: Float64Array,
  state: Float64Array,
  pair: number,
  values: Float64Array,
  range: { readonly from: number; readonly to: number; readonly channels: number },
  channel: number,
  lastChannel: number,
): void {
  const { from, to, channels } = range
  const k = pair * PAIR_COEFFICIENTS
  const b0 = coefficients[k] ?? 0
  const b1 = coefficients[k + 1] ?? 0
  const b2 = coefficients[k + 2] ?? 0
  const a1 = coefficients[k + 3] ?? 0
  const a2 = coefficients[k + 4] ?? 0
  const d0 = coefficients[k + 5] ?? 0
  const d1 = coefficients[k + 6] ?? 0
  const d2 = coefficients[k + 7] ?? 0
  const c1 = coefficients[k + 8] ?? 0
  const c2 = coefficients[k + 9] ?? 0
  for (; channel <= lastChannel; channel++) {
    const z = (pair * channels + channel) * PAIR_STATE
    let z1 = state[z] ?? 0
    let z2 = state[z + 1] ?? 0
    let w1 = state[z + 2] ?? 0
    let w2 = state[z + 3] ?? 0
    for (let i = from + channel; i < to; i += channels) {
      const value = values[i] ?? 0
      const between = b0 * value + z1
      z1 = b1 * value - a1 * between + z2
      z2 = b2 * value - a2 * between
      const filtered = d0 * between + w1
      w1 = d1 * between - c1 * filtered + w2
      w2 = d2 * between - c2 * filtered
      values[i] = filtered
    }
    state[z] = z1
    state[z + 1] = z2
    state[z + 2] = w1
    state[z + 3] = w2
  }
}
