import type { ChannelFormat } from './channel-format.js'
import { shown } from './check.js'

/** What a format can hold: values of one type, in words and as a test of the value. */
interface Domain {
  readonly type: 'number' | 'bigint' | 'string'
  readonly what?: string
  readonly holds?: (value: never) => boolean
}

const INT64 = { from: -(2n ** 63n), to: 2n ** 63n - 1n }

const DOMAINS: Readonly<Record<ChannelFormat, Domain>> = {
  // NaN and Infinity are values of their own; a number that would become Infinity is none.
  float32: {
    type: 'number',
    what: 'below 3.4028236e38',
    holds: (value: number) => Number.isFinite(Math.fround(value)) || !Number.isFinite(value),
  },
  double64: { type: 'number' },
  int8: wholeOf(8),
  int16: wholeOf(16),
  int32: wholeOf(32),
  int64: {
    type: 'bigint',
    what: `from ${INT64.from}n to ${INT64.to}n`,
    holds: (value: bigint) => value >= INT64.from && value <= INT64.to,
  },
  string: { type: 'string' },
}

function wholeOf(bits: number): Domain {
  const limit = 2 ** (bits - 1)
  return {
    type: 'number',
    what: `whole numbers from ${-limit} to ${limit - 1}`,
    holds: (value: number) => Number.isInteger(value) && value >= -limit && value < limit,
  }
}

/**
 * Throws unless `format` can hold each of `values` as it is: a TypeError for one of another type, a RangeError for one that would
 * become another number. `what` names the values in the message. A typed array of the format itself needs no check.
 */
export function checkValues(format: ChannelFormat, values: ArrayLike<unknown>, what: string): void {
  const { type, what: range, holds } = DOMAINS[format]
  // By index, because forEach would skip the holes of a sparse array, which are no values.
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== type) throw new TypeError(`${what} must be of type ${type}, got ${shown(value)}`)
    if (holds?.(value as never) === false)
      throw new RangeError(`${what} must be ${range} (${format}), got ${shown(value)}`)
  }
}
