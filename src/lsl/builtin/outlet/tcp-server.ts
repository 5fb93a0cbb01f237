import type { Server, Socket } from 'node:net'
import { feedResponse, NOT_FOUND, VERSION_NOT_SUPPORTED } from '../handshake/feed-response.js'
import { parseFeedRequest } from '../handshake/feed-request.js'
import type { FeedRequest } from '../handshake/feed-request.js'
import { LONGEST_HEAD, parseHead } from '../handshake/parse-head.js'
import { PROTOCOL_VERSION } from '../codec/wire.js'

/** A client that has not said what it wants by then, or has taken nothing for that long, is closed. */
const HEAD_TIMEOUT_MS = 10_000
/** Inlets that are served at once. */
const MOST_FEEDS = 1024
/** Clients that have not said yet what they want: of more the oldest go, so that silent ones lock nobody out. */
const MOST_SILENT = 128
/** Compared with the client's figure: an inlet of the other byte order that is slower at swapping has it done here. */
const ENDIAN_PERFORMANCE = 1

/** What the TCP port of an outlet serves. */
export interface Served {
  readonly uid: string
  readonly shortInfo: string
  readonly fullInfo: string
  /** Bytes of a value, 0 for strings. */
  readonly valueBytes: number
  readonly hasSubnormals: boolean
  matches(query: string): boolean
  /** Inlets that are served now. */
  readonly feeds: () => number
  /** A client has subscribed: answer `head`, then samples. Answers whether there will be any. */
  subscribe(socket: Socket, head: string, request: FeedRequest, bigEndian: boolean): boolean
}

/** Serves descriptions and samples on `server`; `sockets` holds the connections of the moment. */
export function serveTcp(server: Server, served: Served, sockets: Set<Socket>, limitMs = HEAD_TIMEOUT_MS): void {
  const silent = new Set<Socket>()
  // A failed accept (no descriptors left) concerns one client; it is accepted later or tries again.
  server.on('error', () => undefined)
  server.on('connection', socket => {
    sockets.add(socket)
    silent.add(socket)
    socket.unref()
    const [oldest] = silent
    if (silent.size > MOST_SILENT) oldest?.destroy()
    // From the beginning, not from the last byte: some drip.
    const limit = setTimeout(() => socket.destroy(), limitMs).unref()
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(limit)
      silent.delete(socket)
      sockets.delete(socket)
    })
    let received = Buffer.alloc(0)
    const hear = (bytes: Buffer): void => {
      received = Buffer.concat([received, bytes])
      if (!answer(socket, received, served) && received.byteLength < LONGEST_HEAD) return
      socket.off('data', hear)
      clearTimeout(limit)
      silent.delete(socket)
      // What a client still says is read and forgotten, so that its goodbye is heard.
      socket.resume()
      if (received.byteLength >= LONGEST_HEAD) socket.destroy()
    }
    socket.on('data', hear)
    socket.setTimeout(limitMs, () => socket.destroy())
  })
}

/** Answers a request once it has arrived; false while more of it is to come. */
function answer(socket: Socket, received: Buffer, served: Served): boolean {
  const [method, query] = received.toString('latin1').split('\n', 3)
  // A line counts once its end has arrived, which split shows by a further part.
  const lines = received.filter(byte => byte === 0x0a).byteLength
  if (method === undefined || lines === 0) return false
  const word = method.trim()
  if (word === 'LSL:fullinfo') {
    socket.end(served.fullInfo)
  } else if (word === 'LSL:shortinfo') {
    if (lines < 2) return false
    const text = Buffer.from(query ?? '', 'latin1')
      .toString('utf8')
      .trim()
    socket.end(served.matches(text) ? served.shortInfo : '')
  } else if (word.startsWith('LSL:streamfeed/')) {
    const head = parseHead(received)
    if (head === undefined) return false
    const request = parseFeedRequest(head)
    if (request === undefined) socket.end()
    else feed(socket, request, served)
  } else {
    // Among them a bare LSL:streamfeed, which is protocol 1.00.
    socket.end()
  }
  return true
}

function feed(socket: Socket, request: FeedRequest, served: Served): void {
  const { version, uid, valueSize, hasIeeeFloats } = request
  if (uid !== '' && uid !== served.uid) {
    socket.end(NOT_FOUND)
    return
  }
  const major = Math.floor(version / 100)
  const sizesDiffer = served.valueBytes > 0 && valueSize !== undefined && valueSize !== served.valueBytes
  // liblsl would go on in protocol 1.00 with clients of other number formats.
  if (major > Math.floor(PROTOCOL_VERSION / 100) || version < PROTOCOL_VERSION || sizesDiffer || !hasIeeeFloats) {
    socket.end(VERSION_NOT_SUPPORTED)
    return
  }
  if (served.feeds() >= MOST_FEEDS) {
    socket.end()
    return
  }
  const bigEndian = request.bigEndian && served.valueBytes !== 1 && ENDIAN_PERFORMANCE > request.endianPerformance
  const suppressSubnormals = served.hasSubnormals && !request.supportsSubnormals
  const head = feedResponse({ uid: served.uid, bigEndian, suppressSubnormals })
  // Who gets no samples has no reason to stay.
  if (served.subscribe(socket, head, request, bigEndian)) socket.setTimeout(0)
}
