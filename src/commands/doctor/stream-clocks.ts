import { localClock } from '../../clock.js'
import { resolveStreams } from '../../lsl/resolve.js'
import type { StreamInfo } from '../../lsl/stream-info.js'
import { StreamInlet } from '../../lsl/stream-inlet.js'
import { foreignClock } from '../../workers/watcher/foreign-clock.js'
import type { ForeignClock } from '../../workers/watcher/foreign-clock.js'

const FIND_S = 1
/** For each of: opening a stream, its first sample, its clock offset. */
const LIMIT_S = 2

/** A stream on the network, and what clock its stamps are of if it is not LSL's. */
export interface StreamClock {
  readonly name: string
  /** undefined for LSL's clock, and for a stream that sent nothing while it was listened to. */
  readonly foreign: ForeignClock | undefined
}

/** Listens to every stream on the network for a moment, to all at once; takes at most 7 s. */
export async function streamClocks(): Promise<StreamClock[]> {
  const streams = await resolveStreams(FIND_S)
  return Promise.all(streams.map(async info => ({ name: info.name, foreign: await foreignClockOf(info) })))
}

async function foreignClockOf(info: StreamInfo): Promise<ForeignClock | undefined> {
  await using inlet = new StreamInlet(info, { recover: false })
  try {
    await inlet.open(LIMIT_S)
    const sample = await inlet.pullSample(LIMIT_S)
    const arrivedS = localClock()
    if (sample === undefined) return undefined
    const { offsetS } = await inlet.timeCorrection(LIMIT_S)
    return foreignClock(sample.timestamp + offsetS, arrivedS)
  } catch {
    // Gone, or not to be heard: it has no stamps to judge. The self-test tells whether streams can be heard at all.
    return undefined
  }
}
