import type { SampleArray } from '../channel-format.js'
import { mustBe, options, required } from '../check.js'
import { wholeFrames } from './check.js'
import { welch, welchChecks } from './welch.js'
import type { WelchOptions } from './welch.js'

/** Which band, and how the spectrum is computed. */
export interface BandPowerOptions extends WelchOptions {
  /** From the first to the second frequency, Hz, both included. */
  readonly band: readonly [lowHz: number, highHz: number]
}

const isBand = (value: unknown): value is readonly number[] => Array.isArray(value) && value.length === 2
const checked = options<BandPowerOptions>('bandPower', 'bandPower(data, { sampleRateHz: 250, band: [8, 12] })', {
  ...welchChecks,
  band: required(mustBe('[lowHz, highHz] from 0 up', isBand, ([low = NaN, high = NaN]) => low >= 0 && low <= high)),
})

/**
 * The mean power of each channel within a band: its density by {@link welch}, over one segment of all frames unless `segment` says otherwise,
 * added up over the frequencies of the band. Squared units of the signal.
 */
export function bandPower(data: SampleArray, options: BandPowerOptions): Float64Array {
  const { band, ...rest } = checked(options)
  const [low, high] = band
  const { channels = 1, sampleRateHz } = rest
  const frames = wholeFrames('data', data.length, channels)
  const { frequencies, power } = welch(data, { segment: frames, ...rest })
  if (high > sampleRateHz / 2) {
    throw new RangeError(`band must end at ${sampleRateHz / 2} Hz, half of the sampling rate, or below, got ${high}`)
  }
  const widthHz = frequencies[1] ?? 0
  const sums = new Float64Array(channels)
  frequencies.forEach((hz, bin) => {
    if (hz < low || hz > high) return
    for (let channel = 0; channel < channels; channel++) {
      sums[channel] = (sums[channel] ?? 0) + widthHz * (power[bin * channels + channel] ?? 0)
    }
  })
  return sums
}
