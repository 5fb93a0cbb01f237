/** A line: intercept and slope. */
export interface Line {
  readonly intercept: number
  readonly slope: number
}

const RHO = 1
const ITERATIONS = 1000

/**
 * The line through (x, y) with the least Huber loss, by 1000 steps of ADMM as pyxdf does it. Undefined where all x are equal.
 * The x are taken around their mean, which makes the two normal equations independent: pyxdf takes them from the first x
 * on, and of values as large as clocks have its sums lose so many digits that its own stamps differ by some 10 ns between two
 * processors. See "Distributed optimization and statistical learning via the alternating direction method of multipliers"
 * by Boyd and others.
 */
export function robustLine(x: readonly number[], y: readonly number[]): Line | undefined {
  const [meanX, meanY] = [mean(x), mean(y)]
  const a = x.map(value => value - meanX)
  const b = y.map(value => value - meanY)
  const squares = dot(a, a)
  if (!(squares > 0)) return undefined
  // The least squares fit to b + z - u.
  const target = Float64Array.from(b)
  const u = new Float64Array(x.length)
  let height = 0
  let slope = 0
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    height = mean(target)
    slope = dot(a, target) / squares
    for (let i = 0; i < a.length; i++) {
      const d = height + slope * (a[i] ?? 0) - (b[i] ?? 0) + (u[i] ?? 0)
      const shrunk = d === 0 ? 1 : Math.max(0, 1 - (1 + 1 / RHO) / Math.abs(d))
      const z = (RHO / (1 + RHO)) * d + (1 / (1 + RHO)) * shrunk * d
      u[i] = d - z
      target[i] = (b[i] ?? 0) + z - (d - z)
    }
  }
  return { intercept: meanY + height - slope * meanX, slope }
}

function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0
  return sum / values.length
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}
