import { allocateSamples, formatOf } from '../channel-format.js'
import type { SampleArray } from '../channel-format.js'
import { checkValues } from '../channel-values.js'
import { mustBe, shown } from '../check.js'
import type { StreamInfo } from './stream-info.js'

/*
 * What an outlet is given to push is checked here, once for both engines: beyond lie C and the wire, which take any bytes
 * for what they expect.
 */

/** One row of values: numbers, bigints for int64, strings for string streams. */
export type Row = ArrayLike<number> | ArrayLike<bigint> | readonly string[]

/** A stamp of LSL: any finite number. */
export const stampCheck = mustBe(
  'LSL clock seconds',
  (value): value is number => typeof value === 'number',
  Number.isFinite,
)

/** Throws unless `row` has one value for each channel that the stream's format can hold. */
export function checkRow(info: StreamInfo, row: unknown): asserts row is Row {
  const { channelCount, channelFormat, name } = info
  if (typeof row !== 'object' || row === null || !('length' in row))
    throw new TypeError(`a sample of '${name}' must be a row of values, got ${shown(row)}`)
  const values = row as ArrayLike<unknown>
  if (values.length !== channelCount)
    throw new RangeError(`a sample of '${name}' has ${channelCount} values, got ${values.length}`)
  if (formatOf(row) !== channelFormat) checkValues(channelFormat, values, `values of '${name}'`)
}

/** Samples of a chunk, checked: all in one array, or as rows of strings. */
export function checkedChunk(info: StreamInfo, data: unknown): SampleArray | readonly (readonly string[])[] {
  const { channelFormat, channelCount, name } = info
  if (Array.isArray(data)) {
    // By index, because forEach would skip the holes of a sparse array, which are no rows.
    for (let row = 0; row < data.length; row++) checkRow(info, data[row])
    if (channelFormat === 'string') return data as readonly (readonly string[])[]
    const flat = allocateSamples(channelFormat, data.length * channelCount)
    data.forEach((row, index) => flat.set(row as ArrayLike<never>, index * channelCount))
    return flat
  }
  if (channelFormat === 'string') throw new TypeError(`data of '${name}' must be rows of strings, got ${shown(data)}`)
  if (formatOf(data) !== channelFormat) {
    const { constructor } = allocateSamples(channelFormat, 0)
    throw new TypeError(`data of '${name}' must be rows or a ${constructor.name}, got ${kindOf(data)}`)
  }
  const flat = data as SampleArray
  if (isDetached(flat)) throw new TypeError(`data of '${name}' must not be detached: its memory was given away`)
  if (flat.length % channelCount !== 0)
    throw new RangeError(`data of '${name}' must be whole samples of ${channelCount} values, got ${flat.length}`)
  return flat
}

/** Throws unless there is one stamp for all of `frames` samples, or one for each. */
export function checkStamps(stamps: unknown, frames: number): asserts stamps is number | Float64Array {
  if (!(stamps instanceof Float64Array)) {
    if (typeof stamps === 'object' && stamps !== null)
      throw new TypeError(`timestamps must be a number or a Float64Array, got ${shown(stamps)}`)
    stampCheck('timestamps', stamps)
    return
  }
  if (stamps.length !== frames)
    throw new RangeError(`timestamps must be one for each of ${frames} samples, got ${stamps.length}`)
  const wrong = stamps.findIndex(stamp => !Number.isFinite(stamp))
  if (wrong >= 0) stampCheck(`timestamps[${wrong}]`, stamps[wrong])
}

/** What a value is, for a message. */
function kindOf(value: unknown): string {
  return ArrayBuffer.isView(value) ? `a ${value.constructor.name}` : shown(value)
}

/** Whether the memory of an array was transferred to another thread: nothing is left of it. */
function isDetached({ length, buffer }: SampleArray): boolean {
  if (length > 0) return false
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}
