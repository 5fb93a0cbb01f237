import type { StreamInfo } from '../../stream-info.js'
import type { StampFilter } from '../clock/stamp-filter.js'
import { isNumeric } from '../codec/test-pattern.js'
import { NumericSampleDecoder } from './numeric-sample-decoder.js'
import type { SampleDecoder } from './sample-decoder.js'
import { TextSampleDecoder } from './text-sample-decoder.js'

/** The decoder of a stream's inlet; it keeps at most `queueFrames` frames that nobody pulled, and reads `bufferBytes` at once. */
export function chooseSampleDecoder(
  info: StreamInfo,
  queueFrames: number,
  filter: StampFilter,
  bufferBytes?: number,
): SampleDecoder {
  const { channelFormat } = info
  return isNumeric(channelFormat)
    ? new NumericSampleDecoder(channelFormat, info, queueFrames, filter, bufferBytes)
    : new TextSampleDecoder(info, queueFrames, filter, bufferBytes)
}
