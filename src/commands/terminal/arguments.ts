import { InvalidArgumentError } from 'commander'
import { CHANNEL_FORMATS, channelFormatOf } from '../../channel-format.js'
import type { ChannelFormat } from '../../channel-format.js'

interface Bounds {
  readonly min?: number
  readonly max?: number
}

/** A parser for commander that takes a number within bounds and names what is wrong otherwise. */
export function numberWithin({ min = -Infinity, max = Infinity }: Bounds): (text: string) => number {
  return text => {
    const value = text.trim() === '' ? NaN : Number(text)
    if (Number.isNaN(value)) throw new InvalidArgumentError('It is not a number.')
    if (value < min || value > max) throw new InvalidArgumentError(`It must be ${range(min, max)}.`)
    return value
  }
}

/** Like {@link numberWithin}, for whole numbers. */
export function integerWithin(bounds: Bounds): (text: string) => number {
  const parse = numberWithin(bounds)
  return text => {
    const value = parse(text)
    if (!Number.isInteger(value)) throw new InvalidArgumentError('It is not a whole number.')
    return value
  }
}

/** Seconds: zero or more, and finite. */
export const seconds = numberWithin({ min: 0, max: 1e9 })

/** A channel format by any of its names. */
export function channelFormat(text: string): ChannelFormat {
  const format = channelFormatOf(text)
  if (format === undefined) throw new InvalidArgumentError(`It must be one of ${CHANNEL_FORMATS.join(', ')}.`)
  return format
}

function range(min: number, max: number): string {
  if (max === Infinity) return `at least ${min}`
  return min === -Infinity ? `at most ${max}` : `from ${min} to ${max}`
}
