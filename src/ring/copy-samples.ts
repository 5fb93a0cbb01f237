import type { SampleArray } from '../channel-format.js'

/** Copies values `from` to `to` of `source` into `target` at `at`. Both must be of the same type. */
export function copySamples(target: SampleArray, at: number, source: SampleArray, from: number, to: number): void {
  const part = from === 0 && to === source.length ? source : source.subarray(from, to)
  // TypeScript cannot know that both are of the same type: BigInt64Array.set refuses numbers, and the others BigInts.
  ;(target as Float64Array).set(part as Float64Array, at)
}

/** The name of a typed array's type, as its values must agree to be copied without conversion. */
export function typeName(samples: SampleArray): string {
  return samples[Symbol.toStringTag]
}
