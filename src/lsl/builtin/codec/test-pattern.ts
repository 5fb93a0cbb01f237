import { allocateSamples } from '../../../channel-format.js'
import type { ChannelFormat, NumericFormat, SampleArray } from '../../../channel-format.js'

/** The stamp of both test samples. */
export const PATTERN_STAMP = 123456.789
/** Two samples follow a handshake; their values differ by these offsets. */
export const PATTERN_OFFSETS = [4, 2] as const

const BIAS: Readonly<Record<NumericFormat, number>> = {
  float32: 0,
  double64: 16777217,
  int64: 2147483649,
  int32: 65537,
  int16: 257,
  int8: 1,
}
/** Magnitudes wrap at the largest value of a narrow integer type. */
const MODULUS: Partial<Record<NumericFormat, number>> = { int32: 2147483647, int16: 32767, int8: 127 }

/** The values by which both ends make sure, after the handshake, that they read numbers alike. */
export function numericPattern(format: NumericFormat, channels: number, offset: number): SampleArray {
  const values = allocateSamples(format, channels)
  for (let channel = 0; channel < channels; channel++) {
    const magnitude = (channel + offset + BIAS[format]) % (MODULUS[format] ?? Infinity)
    const value = channel % 2 === 0 ? magnitude : -magnitude
    if (values instanceof BigInt64Array) values[channel] = BigInt(value)
    else values[channel] = value
  }
  return values
}

/** The same for strings; they know no offset. */
export function stringPattern(channels: number): string[] {
  return Array.from({ length: channels }, (_, channel) => patternText(channel))
}

/** The text of one channel. */
export function patternText(channel: number): string {
  return String(channel % 2 === 0 ? channel + 10 : -(channel + 10))
}

export function isNumeric(format: ChannelFormat): format is NumericFormat {
  return format !== 'string'
}
