import type { RemoteInfo, Socket } from 'node:dgram'
import { localClock } from '../../../clock.js'
import { errorCode } from '../../../errors.js'

/** An outlet as the network sees it. */
export interface Announced {
  /** The description without its metadata, once all ports are bound. */
  readonly shortInfo: string | undefined
  matches(query: string): boolean
}

const SHORTINFO = 'LSL:shortinfo'
const TIMEDATA = 'LSL:timedata'
const LONGEST_TOKEN = 128

let isWarned = false

/** Sends to one address; what becomes of one packet is nobody's business, as with any UDP, unless no packet can be that large. */
function reply(socket: Socket, text: string, port: number, address: string): void {
  const heard = (error: Error | null): void => {
    if (isWarned || errorCode(error) !== 'EMSGSIZE') return
    isWarned = true
    const size = `${Buffer.byteLength(text)} bytes are more than this system sends at once`
    process.emitWarning(
      `an outlet is not found, as its name, type or source id is too long: ${size}`,
      'LslNetworkWarning',
    )
  }
  try {
    socket.send(text, port, address, heard)
  } catch {
    // The socket was closed meanwhile.
  }
}

/** Answers a query (LSL:shortinfo) that the outlet's description satisfies; all else is met with silence. */
export function answerQuery(outlet: Announced, socket: Socket, message: Buffer, from: RemoteInfo): void {
  const [method = '', query = '', back = ''] = message.toString('utf8').split('\n', 3)
  if (method.trim() !== SHORTINFO) return
  const match = /^\s*(\d{1,5})\s+(\S+)/.exec(back)
  if (match === null) return
  const [, port, id = ''] = match
  if (Number(port) < 1 || Number(port) > 65535 || id.length > LONGEST_TOKEN) return
  if (outlet.shortInfo === undefined || !outlet.matches(query.trim())) return
  reply(socket, `${id}\r\n${outlet.shortInfo}`, Number(port), from.address)
}

/** Answers how late it is here (LSL:timedata). */
function answerTime(socket: Socket, message: Buffer, from: RemoteInfo): void {
  const arrived = localClock()
  const match = /^LSL:timedata[^\S\n]*\n\s*(-?\d+)\s+(\S+)/.exec(message.toString('latin1'))
  const [, wave = '', sent = ''] = match ?? []
  if (match === null || sent.length > LONGEST_TOKEN || !Number.isFinite(Number(sent))) return
  const stamps = [Number(sent), arrived, localClock()].map(stamp => stamp.toPrecision(16))
  reply(socket, ` ${wave} ${stamps.join(' ')}`, from.port, from.address)
}

/** Serves queries and the time on the outlet's own UDP port. */
export function serveUdp(socket: Socket, outlet: Announced): void {
  socket.on('message', (message, from) => {
    // The time first: it is what must not wait.
    if (message.subarray(0, TIMEDATA.length).toString('latin1') === TIMEDATA) answerTime(socket, message, from)
    else answerQuery(outlet, socket, message, from)
  })
}
