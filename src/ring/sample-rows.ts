import { formatOf } from '../channel-format.js'
import type { SampleArray } from '../channel-format.js'
import { checkValues } from '../channel-values.js'
import { copySamples, typeName } from './copy-samples.js'

/** Frames as rows, one value per channel. */
export type SampleRows =
  | readonly (readonly number[])[]
  | readonly (readonly bigint[])[]
  | readonly (readonly string[])[]
  | readonly SampleArray[]

type Values = ArrayLike<unknown>

function isRows(samples: Values): samples is ArrayLike<Values> {
  return samples.length > 0 && Object(samples[0]) === samples[0]
}

function checkShape(samples: Values, frames: number, channels: number): void {
  if (isRows(samples)) {
    const lengths = Array.from(samples, (row: Values | undefined | null) => row?.length)
    const odd = lengths.findIndex(length => length !== channels)
    const shape = `${samples.length} rows of ${odd < 0 ? channels : (lengths[odd] ?? 'nothing')}`
    if (samples.length !== frames || odd >= 0) mismatch(shape, frames, channels)
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
  const format = formatOf(like) ?? 'double64'
  rows.forEach((row, r) => {
    checkValues(format, row, 'samples')
    copySamples(flat, r * channels, row as SampleArray, 0, row.length)
  })
  return flat
}

/** `samples` as rows of strings. */
export function stringRows(samples: Values, frames: number, channels: number): string[][] {
  checkShape(samples, frames, channels)
  const flat = isRows(samples) ? Array.from(samples).flatMap(row => Array.from(row)) : Array.from(samples)
  checkValues('string', flat, 'samples')
  return Array.from({ length: frames }, (_, r) => (flat as string[]).slice(r * channels, (r + 1) * channels))
}

function isSampleArray(samples: Values): samples is SampleArray & Values {
  return ArrayBuffer.isView(samples) && !(samples instanceof DataView)
}
