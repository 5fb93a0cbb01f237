import { PROTOCOL_VERSION } from '../codec/wire.js'
import { BIG_ENDIAN } from './feed-request.js'
import type { Head } from './parse-head.js'

/** How the samples of a connection are sent. */
export interface FeedTerms {
  readonly uid: string
  readonly bigEndian: boolean
  readonly suppressSubnormals: boolean
}

export const NOT_FOUND = 'LSL/110 404 Not found'
export const VERSION_NOT_SUPPORTED = 'LSL/110 505 Version not supported'

export function feedResponse({ uid, bigEndian, suppressSubnormals }: FeedTerms): string {
  return [
    `LSL/${PROTOCOL_VERSION} 200 OK`,
    `UID: ${uid}`,
    `Byte-Order: ${bigEndian ? BIG_ENDIAN : 1234}`,
    `Suppress-Subnormals: ${suppressSubnormals ? 1 : 0}`,
    `Data-Protocol-Version: ${PROTOCOL_VERSION}`,
    '\r\n',
  ].join('\r\n')
}

/** Why an outlet does not serve: gone (another stream lives there now), or it never will. */
export interface FeedRefusal {
  readonly refusal: 'gone' | 'unsupported'
  readonly reason: string
}

/** What an outlet answered to a subscription to `uid`. Never throws. */
export function parseFeedResponse({ first, headers }: Head, uid: string): FeedTerms | FeedRefusal {
  const match = /^LSL\/(\d+)\s+(\d+)\s*(.*)$/.exec(first)
  if (match === null) return { refusal: 'unsupported', reason: `it answers '${first.slice(0, 80)}'` }
  const status = Number(match[2])
  if (status === 404 || (status >= 300 && status < 400)) return { refusal: 'gone', reason: `it answers ${first}` }
  if (status >= 400) return { refusal: 'unsupported', reason: `it answers ${first}` }
  if (Math.floor(Number(match[1]) / 100) > Math.floor(PROTOCOL_VERSION / 100))
    return { refusal: 'unsupported', reason: `it speaks protocol ${match[1] ?? ''}` }
  const version = headers.get('data-protocol-version')
  if (version !== undefined && Number(version) !== PROTOCOL_VERSION)
    return {
      refusal: 'unsupported',
      reason: `it sends data of protocol ${version}, this engine reads ${PROTOCOL_VERSION}`,
    }
  const served = headers.get('uid') ?? ''
  if (uid !== '' && served !== uid) return { refusal: 'gone', reason: `it serves ${served}` }
  const order = Number(headers.get('byte-order') ?? 0)
  return {
    uid: served,
    bigEndian: order === BIG_ENDIAN,
    suppressSubnormals: headers.get('suppress-subnormals') === '1',
  }
}
