import { DareplaneError } from '../../errors.js'
import type { XdfStream } from '../../xdf/read-xdf.js'

/** The streams of a recording that the demo watches: the regular one and the string one with the most frames. */
export function chooseStreams(file: string, streams: readonly XdfStream[]): { signal: XdfStream; markers: XdfStream } {
  const longest = (wanted: (stream: XdfStream) => boolean): XdfStream | undefined =>
    streams.filter(wanted).sort((a, b) => b.times.length - a.times.length)[0]
  const signal = longest(({ channelFormat, nominalSrate }) => channelFormat !== 'string' && nominalSrate > 0)
  const markers = longest(({ channelFormat }) => channelFormat === 'string')
  if (signal === undefined || markers === undefined)
    throw new DareplaneError('ERR_STREAM_NOT_FOUND', `${file} must hold a regular stream of numbers and one of strings`)
  return { signal, markers }
}
