import { bytesPerValue } from '../channel-format.js'
import type { StreamInfo } from '../lsl/stream-info.js'
import type { StreamWatcherOptions } from '../workers/watcher/watcher-options.js'

/** Regular streams: so much is read at once. */
const WINDOW_S = 1
const FEWEST_FRAMES = 1024
/** Irregular streams: bursts of so many frames, more than an outlet of LSL keeps at once (36,000); fewer where they are large. */
const BURST_FRAMES = 65_536
const BURST_BYTES = 2 ** 24
/** What is assumed of a string, with its place in memory. */
const STRING_BYTES = 64

/** The size of the ring that one stream is recorded through: it holds what arrives while the disk hangs for `holdS`. */
export function ringSize(
  { channelCount, channelFormat, nominalSrate }: StreamInfo,
  holdS: number,
): Pick<StreamWatcherOptions, 'bufferSamples' | 'holdS'> {
  if (nominalSrate > 0) return { bufferSamples: Math.max(FEWEST_FRAMES, Math.ceil(nominalSrate * WINDOW_S)), holdS }
  const frameBytes = channelCount * (channelFormat === 'string' ? STRING_BYTES : bytesPerValue(channelFormat))
  return { bufferSamples: Math.min(BURST_FRAMES, Math.max(FEWEST_FRAMES, Math.floor(BURST_BYTES / frameBytes))) }
}
