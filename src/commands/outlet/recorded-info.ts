import { StreamInfo } from '../../lsl/stream-info.js'
import type { XdfStream } from '../../xdf/read-xdf.js'

/** What an outlet announces to replay a recorded stream: its fields and its metadata tree, but none of its old addresses. */
export function recordedInfo(stream: XdfStream): StreamInfo {
  const { id, name, type, sourceId, channelCount, nominalSrate, channelFormat, desc } = stream
  return new StreamInfo({
    name: name || `stream ${id}`,
    type,
    channelCount,
    nominalSrate,
    channelFormat,
    desc: desc.children,
    ...(sourceId !== '' && { sourceId }),
  })
}

/** `maxBufferedS` of an outlet that can hold the whole recorded stream, so that a fast replay drops nothing. */
export function bufferForAll({ times, nominalSrate }: XdfStream): number {
  const samplesPerUnit = nominalSrate > 0 ? nominalSrate : 100
  return Math.max(60, Math.ceil(times.length / samplesPerUnit) + 1)
}
