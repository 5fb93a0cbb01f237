import type { SampleArray } from '../../../channel-format.js'
import { wordsOver } from './wire.js'
import type { Words } from './wire.js'

/** Where decoded frames go: the same memory as words, to copy few values, and as bytes, to copy many. */
export interface NumericTarget {
  readonly words: Words
  readonly bytes: Uint8Array
  readonly times: Float64Array
}

export function numericTarget(samples: SampleArray, times: Float64Array): NumericTarget {
  const { buffer, byteOffset, byteLength } = samples
  return { words: wordsOver(samples), bytes: new Uint8Array(buffer, byteOffset, byteLength), times }
}
