import type { SampleArray } from '../../channel-format.js'

/** One channel of an epoch that was rejected, and why. */
export interface Rejection {
  readonly channel: number
  readonly reason: 'peakToPeak' | 'flat'
  /** The largest value of the channel less its smallest. */
  readonly value: number
}

/** The samples around one marker. */
export interface Epoch {
  /** The value of the marker stream's first channel. */
  readonly marker: string | number
  /** All its channels. */
  readonly row: readonly (string | number)[]
  /** LSL clock of this machine, seconds. */
  readonly markerTime: number
  /** Frames x channels, row-major, the caller's own. Of the signal's type; with a baseline, float64. */
  readonly data: SampleArray
  /** Stamps of the samples on the LSL clock of this machine. */
  readonly times: Float64Array
  readonly frames: number
  readonly channels: number
  /** Absolute index, in the signal's ring, of the first frame. */
  readonly start: number
  /** Whether every sample is there. */
  readonly complete: boolean
  /** Samples that are not there: lost on the way, overwritten before the epoch was cut, or never sent. NaN for an irregular signal. */
  readonly lost: number
  readonly rejectedBy?: Rejection
}

/** Beyond which values an epoch is marked as rejected, in the units of the signal. */
export interface RejectLimits {
  /** An epoch is rejected when a channel's values are further apart than this. */
  readonly peakToPeak?: number
  /** An epoch is rejected when a channel's values are nearer to each other than this. */
  readonly flat?: number
}

/** The first channel that is beyond a limit. */
export function rejection(data: SampleArray, channels: number, limits: RejectLimits): Rejection | undefined {
  const { peakToPeak = Infinity, flat = -Infinity } = limits
  for (let channel = 0; channel < channels; channel++) {
    let least = Infinity
    let most = -Infinity
    for (let i = channel; i < data.length; i += channels) {
      const value = Number(data[i])
      least = value < least ? value : least
      most = value > most ? value : most
    }
    const value = most - least
    if (value > peakToPeak) return { channel, reason: 'peakToPeak', value }
    if (value < flat) return { channel, reason: 'flat', value }
  }
  return undefined
}

/** The values with each channel's mean from `fromS` to `toS` (on the clock of `times`) taken off; a new array. */
export function withBaseline(
  data: SampleArray,
  times: Float64Array,
  channels: number,
  [fromS, toS]: readonly [number, number],
): Float64Array {
  const corrected = Float64Array.from(data as ArrayLike<number>, Number)
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0
    let count = 0
    times.forEach((time, frame) => {
      if (time < fromS || time > toS) return
      sum += corrected[frame * channels + channel] ?? 0
      count++
    })
    if (count === 0) continue
    for (let i = channel; i < corrected.length; i += channels) corrected[i] = (corrected[i] ?? 0) - sum / count
  }
  return corrected
}
