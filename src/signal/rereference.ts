import type { SampleArray } from '../channel-format.js'
import { options, required } from '../check.js'
import { channelCount, channelIndices, wholeFrames, withinChannels } from './check.js'
import type { FloatArray } from './copy-values.js'

/** Which channels make up the average. */
export interface CommonAverageOptions {
  readonly channels: number
  /** Channels that the average leaves out, such as bad ones; it is taken off them too. */
  readonly exclude?: readonly number[]
}

/** Which channels are the reference. */
export interface RereferenceOptions {
  readonly channels: number
  /** Channels whose mean is taken off all channels, by index from 0: two mastoids, one electrode. */
  readonly reference: readonly number[]
}

const checkedReference = options<RereferenceOptions>(
  'rereference',
  'rereference(data, { channels: 8, reference: [0, 1] })',
  {
    channels: channelCount,
    reference: required(channelIndices),
  },
)
const checkedAverage = options<CommonAverageOptions>('commonAverage', 'commonAverage(data, { channels: 8 })', {
  channels: channelCount,
  exclude: channelIndices,
})

/**
 * Takes the mean of the reference channels off every channel, frame by frame, into `output`, which may be the input
 * itself (default: a new array), and answers it.
 */
export function rereference(
  data: SampleArray,
  options: RereferenceOptions,
  output: FloatArray = new Float64Array(data.length),
): FloatArray {
  const { channels, reference } = checkedReference(options)
  if (reference.length === 0) throw new RangeError('reference must hold at least one channel, got none')
  withinChannels('reference', reference, channels)
  const frames = wholeFrames('data', data.length, channels)
  if (output.length < data.length) throw new RangeError(`output must hold ${data.length} values, got ${output.length}`)
  for (let first = 0; first < frames * channels; first += channels) {
    let mean = 0
    for (const channel of reference) mean += Number(data[first + channel]) / reference.length
    for (let channel = 0; channel < channels; channel++) output[first + channel] = Number(data[first + channel]) - mean
  }
  return output
}

/** Takes the mean of all channels but the excluded ones off every channel. See {@link rereference}. */
export function commonAverage(
  data: SampleArray,
  options: CommonAverageOptions,
  output: FloatArray = new Float64Array(data.length),
): FloatArray {
  const { channels, exclude = [] } = checkedAverage(options)
  withinChannels('exclude', exclude, channels)
  const reference = Array.from({ length: channels }, (_, channel) => channel).filter(each => !exclude.includes(each))
  if (reference.length === 0) throw new RangeError('exclude must leave at least one channel, got all of them')
  return rereference(data, { channels, reference }, output)
}
