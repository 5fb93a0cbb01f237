import type { ChannelFormat } from '../channel-format.js'
import type { XmlElement } from './xml.js'

/** Every field of a stream's description, plain, so that it crosses threads. */
export interface StreamFields {
  readonly name: string
  readonly type: string
  readonly channelCount: number
  /** Hz; 0 is irregular. */
  readonly nominalSrate: number
  readonly channelFormat: ChannelFormat
  readonly sourceId: string
  /** Protocol version of the outlet: 1.1 is protocol 110. */
  readonly version: number
  /** LSL clock seconds of the outlet's host; 0 before there is an outlet. */
  readonly createdAt: number
  /** One outlet instance; '' before there is one. */
  readonly uid: string
  readonly sessionId: string
  readonly hostname: string
  /** Where the outlet listens, as its answer to a query says; empty and 0 where unknown. */
  readonly v4address: string
  readonly v4dataPort: number
  readonly v4servicePort: number
  readonly v6address: string
  readonly v6dataPort: number
  readonly v6servicePort: number
  /** The children of `desc`. */
  readonly desc: readonly XmlElement[]
}
