import type { SampleArray } from '../channel-format.js'

/** What computed samples can be written to. */
export type FloatArray = Float32Array | Float64Array

/** Copies samples as numbers into `values`, which has their length or is `input` itself; answers whether all are finite. */
export function copyValues(input: SampleArray, values: Float64Array): boolean {
  if (input instanceof BigInt64Array) {
    for (let i = 0; i < input.length; i++) values[i] = Number(input[i])
    return true
  }
  if (input instanceof Float32Array) return copySingles(input, values)
  // `set` converts every type: a loop that has seen five of them makes garbage of each value.
  if (input !== values) values.set(input)
  // A value minus itself is NaN for NaN and for an infinity, and 0 for any other.
  let difference = 0
  for (let i = 0; i < values.length; i++) difference += (values[i] ?? 0) - (values[i] ?? 0)
  return difference === 0
}

/** What nearly all streams hold: of a few samples `set` would take longer than filtering them. */
function copySingles(input: Float32Array, values: Float64Array): boolean {
  let difference = 0
  for (let i = 0; i < input.length; i++) {
    const value = input[i] ?? 0
    difference += value - value
    values[i] = value
  }
  return difference === 0
}
