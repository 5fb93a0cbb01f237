/**
 * One second-order section of a filter, as a row of scipy's `sos`: the numerator b0, b1, b2 and the denominator a0 = 1, a1,
 * a2. A filter is a list of them, applied one after the other.
 */
export type Section = readonly [b0: number, b1: number, b2: number, a0: number, a1: number, a2: number]

/** Whether both poles of the section are inside the unit circle. */
export function isStable([, , , , a1, a2]: Section): boolean {
  return Math.abs(a2) < 1 && Math.abs(a1) < 1 + a2
}
