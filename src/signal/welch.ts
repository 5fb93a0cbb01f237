import type { SampleArray } from '../channel-format.js'
import { oneOf, options, whole } from '../check.js'
import type { Checks } from '../check.js'
import { rate, wholeFrames } from './check.js'
import { removeTrend } from './detrend.js'
import { powerSpectrum } from './fft.js'

/** How a signal is cut into segments for its spectrum. */
export interface WelchOptions {
  readonly sampleRateHz: number
  /** Default 1. */
  readonly channels?: number
  /** Frames of one segment. Default: 256, or all frames if there are fewer. */
  readonly segment?: number
  /** Frames that two segments share. Default: half of a segment. */
  readonly overlap?: number
  /** Default 'hann'. */
  readonly window?: 'hann' | 'boxcar'
  /** What is taken off each segment. Default 'constant': its mean. */
  readonly detrend?: 'constant' | 'linear' | 'none'
}

/** A power spectral density. */
export interface Spectrum {
  /** Hz, from 0 to half of the rate. */
  readonly frequencies: Float64Array
  /** Frequencies x channels, row-major: squared units of the signal per Hz. */
  readonly power: Float64Array
  readonly channels: number
}

export const welchChecks: Checks<WelchOptions> = {
  sampleRateHz: rate,
  channels: whole({ from: 1 }),
  segment: whole({ from: 1 }),
  overlap: whole({ from: 0 }),
  window: oneOf('hann', 'boxcar'),
  detrend: oneOf('constant', 'linear', 'none'),
}
const checked = options<WelchOptions>('welch', 'welch(data, { sampleRateHz: 250 })', welchChecks)

/** The power spectral density of frames x channels by Welch's method, as `scipy.signal.welch`. Allocates; for windows, not for single samples. */
export function welch(data: SampleArray, options: WelchOptions): Spectrum {
  const { sampleRateHz, channels = 1, window = 'hann', detrend = 'constant', ...given } = checked(options)
  const frames = wholeFrames('data', data.length, channels)
  if (frames === 0) throw new RangeError('data must hold at least one sample, got 0')
  const { segment = Math.min(256, frames) } = given
  whole({ from: 1, to: frames })('segment', segment)
  const { overlap = segment >> 1 } = given
  whole({ from: 0, to: segment - 1 })('overlap', overlap)

  const taper = Float64Array.from({ length: segment }, (_, i) =>
    window === 'boxcar' || segment === 1 ? 1 : 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / segment),
  )
  const bins = (segment >> 1) + 1
  const step = segment - overlap
  const segments = Math.floor((frames - overlap) / step)
  const density = 1 / (sampleRateHz * taper.reduce((sum, value) => sum + value * value, 0) * segments)
  const power = new Float64Array(bins * channels)
  const spectrum = powerSpectrum(segment)
  const part = new Float64Array(segment)
  for (let channel = 0; channel < channels; channel++) {
    for (let s = 0; s < segments; s++) {
      for (let i = 0; i < segment; i++) part[i] = Number(data[(s * step + i) * channels + channel])
      if (detrend !== 'none') removeTrend(part, 0, 1, segment, detrend)
      for (let i = 0; i < segment; i++) part[i] = (part[i] ?? 0) * (taper[i] ?? 0)
      const squares = spectrum(part)
      for (let bin = 0; bin < bins; bin++) {
        // Each frequency also has the power of its negative one, except 0 and half of the rate, which have none.
        const sides = bin === 0 || 2 * bin === segment ? 1 : 2
        const at = bin * channels + channel
        power[at] = (power[at] ?? 0) + sides * density * (squares[bin] ?? 0)
      }
    }
  }
  const frequencies = Float64Array.from({ length: bins }, (_, bin) => (bin * sampleRateHz) / segment)
  return { frequencies, power, channels }
}
