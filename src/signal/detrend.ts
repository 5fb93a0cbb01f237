import { oneOf, options } from '../check.js'
import { channelCount, wholeFrames } from './check.js'
import type { FloatArray } from './copy-values.js'

/** What is taken away: the mean, or a line. */
export interface DetrendOptions {
  readonly channels: number
  /** 'constant' takes the mean off, 'linear' the straight line that fits best. Default 'linear', as in scipy. */
  readonly type?: 'constant' | 'linear'
}

const checked = options<DetrendOptions>('detrend', 'detrend(data, { channels: 8 })', {
  channels: channelCount,
  type: oneOf('constant', 'linear'),
})

/** Takes mean or line off each channel of frames x channels, in place, and answers `data`. As `scipy.signal.detrend(axis=0)`. */
export function detrend<Data extends FloatArray>(data: Data, options: DetrendOptions): Data {
  const { channels, type = 'linear' } = checked(options)
  const frames = wholeFrames('data', data.length, channels)
  for (let channel = 0; channel < channels; channel++) removeTrend(data, channel, channels, frames, type)
  return data
}

/** Takes mean or line off the `frames` values at `first`, `first + stride`, ... */
export function removeTrend(
  data: FloatArray,
  first: number,
  stride: number,
  frames: number,
  type: 'constant' | 'linear',
): void {
  let mean = 0
  for (let frame = 0; frame < frames; frame++) mean += (data[first + frame * stride] ?? 0) / frames
  let slope = 0
  const middle = (frames - 1) / 2
  if (type === 'linear' && frames > 1) {
    let products = 0
    let squares = 0
    for (let frame = 0; frame < frames; frame++) {
      products += (frame - middle) * ((data[first + frame * stride] ?? 0) - mean)
      squares += (frame - middle) ** 2
    }
    slope = products / squares
  }
  for (let frame = 0; frame < frames; frame++) {
    const at = first + frame * stride
    data[at] = (data[at] ?? 0) - mean - slope * (frame - middle)
  }
}
