import { DareplaneError } from '../../errors.js'
import type { Engine } from '../engine.js'
import { resolveIdentity } from '../identity.js'
import { StreamInfo } from '../stream-info.js'

/**
 * The stream that a description of one's own means, as soon as it is on the network: of the same name and shape, and of the same type
 * and source id where they are given. Rejects with ERR_STREAM_NOT_FOUND, ERR_STREAM_AMBIGUOUS, or ERR_CLOSED after an abort.
 */
export async function findDescribed(
  engine: Pick<Engine, 'resolve'>,
  info: StreamInfo,
  timeoutS: number,
  signal: AbortSignal,
): Promise<StreamInfo> {
  const { name, type, channelCount, nominalSrate, channelFormat } = info
  // A source id that was made by default is that of an outlet of this program, not of the one that is looked for.
  const byDefault = new StreamInfo({ name, type, channelCount, nominalSrate, channelFormat }).sourceId
  const sourceId = info.sourceId === byDefault ? '' : info.sourceId
  const identity = { name, ...(type !== '' && { type }), ...(sourceId !== '' && { sourceId }) }
  const shape = `channel_count='${channelCount}' and channel_format='${channelFormat}'`
  const streams = await resolveIdentity(engine, identity, { minimum: 1, timeoutS, settle: true, signal }, shape)
  if (signal.aborted) throw new DareplaneError('ERR_CLOSED', 'the inlet is closed')
  const [stream] = streams
  if (stream === undefined)
    throw new DareplaneError('ERR_STREAM_NOT_FOUND', `no stream like ${info.toString()} within ${timeoutS} s`)
  if (streams.length > 1)
    throw new DareplaneError(
      'ERR_STREAM_AMBIGUOUS',
      `${streams.length} streams like ${info.toString()}: give its sourceId`,
    )
  return stream
}
