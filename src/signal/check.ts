import { amount, list, mustBe, required, whole } from '../check.js'
import type { Check } from '../check.js'

/** The sampling rate of what is filtered. */
export const rate: Check = required((name, value) => {
  if (value === 0)
    throw new RangeError(`${name} must be Hz above 0, got 0: an irregular stream has no rate to filter at`)
  amount('Hz', { above: 0 })(name, value)
})

export const channelCount = required(whole({ from: 1 }))
/** How many samples a window looks back over. */
export const sampleCount = whole({ from: 1, to: 2 ** 28 })
export const channelIndices = list(whole({ from: 0 }))

const isPair = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(hz => typeof hz === 'number')

/** The edges of a band. */
export const band = mustBe('[lowHz, highHz], with lowHz below highHz', isPair, ([low, high]) => low < high)

/** Throws unless `hz` is between 0 and half of the sampling rate, both excluded. */
export function belowNyquist(name: string, hz: number, sampleRateHz: number): void {
  amount('Hz', { above: 0 })(name, hz)
  if (hz < sampleRateHz / 2) return
  throw new RangeError(
    `${name} must be below ${sampleRateHz / 2} Hz, half of the sampling rate of ${sampleRateHz} Hz, got ${hz}`,
  )
}

/** Throws unless each is a channel. */
export function withinChannels(name: string, indices: readonly number[], channels: number): void {
  const outside = indices.find(index => index >= channels)
  if (outside !== undefined)
    throw new RangeError(`${name} must be of the channels 0 to ${channels - 1}, got ${outside}`)
}

/** How many whole frames of `channels` values are in `length` values. */
export function wholeFrames(name: string, length: number, channels: number): number {
  const frames = length / channels
  if (Number.isInteger(frames)) return frames
  throw new RangeError(`${name} must be whole frames of ${channels} channels, got ${length} values`)
}
