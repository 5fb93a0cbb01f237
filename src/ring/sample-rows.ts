import type { SampleArray } from '../channel-format.js'
import { copySamples, typeName } from './copy-samples.js'

/** Frames as rows, one value per channel. */
export type SampleRows =
  | readonly (readonly number[])[]
  | readonly (readonly bigint[])[]
  | readonly (readonly string[])[]
  | readonly SampleArray[]

type Values = ArrayLike<unknown>

function isRows(samples: Values): samples is ArrayLike<Values> {
  return samples.length > 0 && typeof samples[0] === 'object'
}

function checkShape(samples: Values, frames: number, channels: number): void {
  if (isRows(samples)) {
    const odd = Array.from(samples).find(row => row.length !== channels)
    const shape = `${samples.length} rows of ${odd?.length ?? channels}`
    if (samples.length !== frames || odd) mismatch(shape, frames, channels)
  } else if (samples.length !== frames * channels) mismatch(`${samples.length} values`, frames, channels)
}

function mismatch(got: string, frames: number, channels: number): never {
  throw new RangeError(`samples must be ${frames} frames (one per time) x ${channels} channels, got ${got}`)
}

/** `samples` flat and of the type of `like`: as they are if they are so already, else converted. */
export function flatSamples(like: SampleArray, samples: Values, frames: number, channels: number): SampleArray {
  checkShape(samples, frames, channels)
  if (isSampleArray(samples) && typeName(samples) === typeName(like)) return samples
  const flat = new (like.constructor as new (length: number) => SampleArray)(frames * channels)
  const rows = isRows(samples) ? Array.from(samples) : [samples]
  const wanted = like instanceof BigInt64Array ? 'bigint' : 'number'
  rows.forEach((row, r) => {
    for (const value of Array.from(row)) {
      if (typeof value !== wanted) throw new TypeError(`samples must be of type ${wanted}, got a ${typeof value}`)
    }
    copySamples(flat, r * channels, row as SampleArray, 0, row.length)
  })
  return flat
}

/** `samples` as rows of strings. */
export function stringRows(samples: Values, frames: number, channels: number): string[][] {
  checkShape(samples, frames, channels)
  const flat = (isRows(samples) ? Array.from(samples).flatMap(row => Array.from(row)) : Array.from(samples)).map(
    value => {
      if (typeof value !== 'string') throw new TypeError(`samples must be of type string, got a ${typeof value}`)
      return value
    },
  )
  return Array.from({ length: frames }, (_, r) => flat.slice(r * channels, (r + 1) * channels))
}

function isSampleArray(samples: Values): samples is SampleArray & Values {
  return ArrayBuffer.isView(samples) && !(samples instanceof DataView)
}
