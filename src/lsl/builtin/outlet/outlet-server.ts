import type { OutletOptions } from '../../engine.js'
import { bytesPerValue } from '../../../channel-format.js'
import { outletSamples } from '../../queue-sizes.js'
import type { StreamInfo } from '../../stream-info.js'
import { BLOCK_BYTES } from '../codec/encode-numeric.js'
import type { Block } from '../codec/encode-numeric.js'
import type { LslConfig } from '../config/lsl-config.js'
import { OutletNetwork } from './outlet-network.js'
import { SendBuffer } from './send-buffer.js'

/** What an outlet hands its encoded samples to: its sockets, on this thread or on another one. */
export interface OutletServer {
  /** Inlets that are subscribed now. */
  readonly consumers: number
  /** Samples that were dropped because an inlet did not keep up, counted once for each such inlet. */
  readonly dropped: number
  /** Most bytes of a block of several frames. */
  readonly blockBytes: number
  /** Sends `block` to every inlet; `flush` at once, and all before it. */
  send(block: Block, flush: boolean): void
  /** Sends what waits, then takes the outlet off the network. */
  close(): Promise<void>
}

/** Serves an outlet by sockets on this thread's event loop; `changed` is called when inlets come and go. */
export function localServer(
  info: StreamInfo,
  { maxBufferedS, chunkSize }: OutletOptions,
  config: LslConfig,
  changed?: () => void,
): OutletServer {
  const { channelFormat, channelCount: channels, nominalSrate } = info
  const valueBytes = channelFormat === 'string' ? undefined : bytesPerValue(channelFormat)
  const feeds = new SendBuffer(channelFormat, {
    shape: { channels, valueBytes, periodS: nominalSrate === 0 ? 0 : 1 / nominalSrate },
    capacity: outletSamples(maxBufferedS, nominalSrate),
    chunkFrames: chunkSize,
    ...(changed && { changed }),
  })
  const network = new OutletNetwork(info, feeds, config)
  return {
    get consumers() {
      return feeds.size
    },
    get dropped() {
      return feeds.dropped
    },
    blockBytes: BLOCK_BYTES,
    send: (block, flush) => feeds.send(block, flush),
    close: () => network.close(),
  }
}
