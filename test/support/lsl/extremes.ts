import { allocateSamples } from '../../../src/channel-format.js'
import type { ChannelFormat, SampleArray } from '../../../src/channel-format.js'

export const EXTREME_CHANNELS = 3

/** What a format can hold at its edges, in frames of {@link EXTREME_CHANNELS}. Strings without NUL, which not every peer can send. */
const EXTREMES: Readonly<Record<ChannelFormat, readonly (number | bigint | string)[]>> = {
  float32: [
    ...[NaN, Infinity, -Infinity, 0, -0, 1.5],
    ...[3.4028234663852886e38, -3.4028234663852886e38, 1.1754943508222875e-38],
    ...[1.401298464324817e-45, -1.401298464324817e-45, 1.1754942106924411e-38, 16777216, 0.1, -1e-20],
  ],
  double64: [
    ...[NaN, Infinity, -Infinity, 0, -0, 0.1],
    ...[Number.MAX_VALUE, -Number.MAX_VALUE, 2.2250738585072014e-308],
    ...[Number.MIN_VALUE, -Number.MIN_VALUE, 2.225073858507201e-308],
    ...[Number.MAX_SAFE_INTEGER, Number.EPSILON, Math.PI],
  ],
  int8: [-128, 127, 0, -1, 1, 64],
  int16: [-32768, 32767, 0, -1, 1, 256],
  int32: [-(2 ** 31), 2 ** 31 - 1, 0, -1, 1, 65536],
  int64: [-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n, 2n ** 53n + 1n, -(2n ** 53n) - 1n],
  string: ['', 'µV – 😀', 'plain', 'x'.repeat(300_000), '<&>"\'', 'line\r\nline\t', '{"json": [1]}', ' ', 'é'],
}

export function extremes(format: ChannelFormat): SampleArray | string[][] {
  const values = EXTREMES[format]
  if (format === 'string') {
    const rows = Array.from({ length: values.length / EXTREME_CHANNELS }, (_, row) => row * EXTREME_CHANNELS)
    return rows.map(first => values.slice(first, first + EXTREME_CHANNELS) as string[])
  }
  const data = allocateSamples(format, values.length)
  data.set(values as never)
  return data
}

export function framesOf(data: SampleArray | readonly (readonly string[])[]): number {
  return ArrayBuffer.isView(data) ? data.length / EXTREME_CHANNELS : data.length
}
