import type { StreamInfo } from '../../lsl/stream-info.js'
import type { RingSpec } from '../../ring/allocate-ring.js'
import type { WatcherSetup } from './watcher-api.js'

/** As many frames as the Python StreamWatcher keeps of an irregular stream. */
const IRREGULAR_FRAMES = 1000

/** The ring for a stream: its window from seconds at nominal rate (cut to whole frames, as Python does), or a number of frames. */
export function ringSpecFor(
  { channelCount, channelFormat, nominalSrate }: StreamInfo,
  { bufferSizeS, bufferSamples, holdS }: Pick<WatcherSetup, 'bufferSizeS' | 'bufferSamples' | 'holdS'>,
): RingSpec {
  const seconds = nominalSrate === 0 ? IRREGULAR_FRAMES : Math.max(1, Math.trunc(nominalSrate * bufferSizeS))
  const frames = bufferSamples ?? seconds
  const holdFrames = holdS === undefined || nominalSrate === 0 ? frames : Math.max(1, Math.round(nominalSrate * holdS))
  return { frames, channels: channelCount, format: channelFormat, nominalSrate, holdFrames }
}
