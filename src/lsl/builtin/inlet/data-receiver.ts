import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { DareplaneError } from '../../../errors.js'
import type { StreamInfo } from '../../stream-info.js'
import { PATTERN_OFFSETS } from '../codec/test-pattern.js'
import { feedRequest } from '../handshake/feed-request.js'
import { parseFeedResponse } from '../handshake/feed-response.js'
import { LONGEST_HEAD, parseHead } from '../handshake/parse-head.js'
import type { Endpoint } from '../net/endpoints.js'
import type { SampleDecoder } from './sample-decoder.js'

export interface DataReceiverEvents {
  /** The handshake is done; samples follow. */
  readonly opened: () => void
  /** Samples have arrived; what is not taken before the next come goes to the queue. */
  readonly arrived: () => void
  /** The connection is over, once; nothing follows. */
  readonly ended: (reason: DareplaneError) => void
}

/** One TCP connection to an outlet's data port: subscribes, checks the test patterns, then receives. Does not keep the process alive. */
export class DataReceiver {
  readonly #info: StreamInfo
  readonly #decoder: SampleDecoder
  readonly #events: DataReceiverEvents
  readonly #socket: Socket
  #phase: 'head' | 'patterns' | 'samples' | 'ended' = 'head'
  #patterns = 0

  constructor(
    info: StreamInfo,
    endpoint: Endpoint,
    options: { readonly queueFrames: number; readonly decoder: SampleDecoder },
    events: DataReceiverEvents,
  ) {
    this.#info = info
    const { decoder } = options
    this.#decoder = decoder
    this.#events = events
    // What an earlier connection has brought was taken; of its last sample a part may be left.
    decoder.receiving = false
    decoder.buffer.clear()
    this.#socket = connect({
      host: endpoint.address,
      port: endpoint.dataPort,
      noDelay: true,
      onread: {
        buffer: () => decoder.buffer.next(),
        callback: bytes => {
          this.#received(bytes)
          return true
        },
      },
    })
    this.#socket.unref()
    this.#socket.on('connect', () => this.#socket.write(feedRequest(info, options.queueFrames)))
    this.#socket.on('error', error => this.#end('ERR_STREAM_LOST', error.message, error))
    this.#socket.on('end', () => this.#end('ERR_STREAM_LOST', 'the outlet closed the connection'))
    this.#socket.on('close', () => this.#end('ERR_STREAM_LOST', 'the connection closed'))
  }

  /** Ends it without a word. */
  close(): void {
    this.#phase = 'ended'
    this.#socket.destroy()
  }

  /** Ends it as if the outlet had. */
  abandon(): void {
    this.#end('ERR_STREAM_LOST', 'it was silent for long')
  }

  #received(bytes: number): void {
    if (this.#phase === 'ended') return
    const { buffer } = this.#decoder
    // What was there before and nobody took would be in the way.
    this.#decoder.spill()
    buffer.end += bytes
    if (this.#phase === 'head') this.#readHead()
    if (this.#phase === 'patterns') this.#readPatterns()
    if (this.#phase !== 'samples') return
    this.#events.arrived()
    if (this.#decoder.fault !== undefined) this.#end('ERR_STREAM_LOST', this.#decoder.fault)
  }

  #readHead(): void {
    const { block, start, end } = this.#decoder.buffer
    const head = parseHead(block.bytes.subarray(start, end))
    if (head === undefined) {
      // A refusal is one line without an end, then the connection closes.
      const line = Buffer.from(block.bytes.subarray(start, Math.min(end, start + LONGEST_HEAD))).toString('latin1')
      const refused = /^LSL\/\d+\s+[3-9]\d\d/.test(line)
      if (refused) this.#refuse({ first: line.split('\n')[0]?.trim() ?? '', headers: new Map(), end })
      else if (end - start >= LONGEST_HEAD || !'LSL/'.startsWith(line.slice(0, 4)))
        this.#end('ERR_PROTOCOL_UNSUPPORTED', 'it does not answer in the protocol of LSL')
      return
    }
    this.#refuse(head)
  }

  #refuse(head: NonNullable<ReturnType<typeof parseHead>>): void {
    const answer = parseFeedResponse(head, this.#info.uid)
    if ('refusal' in answer) {
      const code = answer.refusal === 'gone' ? 'ERR_STREAM_LOST' : 'ERR_PROTOCOL_UNSUPPORTED'
      this.#end(code, answer.reason)
      return
    }
    this.#decoder.buffer.start += head.end
    this.#decoder.begin(answer, this.#info.nominalSrate)
    this.#phase = 'patterns'
  }

  #readPatterns(): void {
    while (this.#patterns < PATTERN_OFFSETS.length) {
      const right = this.#decoder.checkPattern(PATTERN_OFFSETS[this.#patterns] ?? 0)
      if (right === undefined) return
      if (!right) {
        this.#end('ERR_PROTOCOL_UNSUPPORTED', 'its test pattern is not what the protocol prescribes')
        return
      }
      this.#patterns++
    }
    this.#phase = 'samples'
    this.#decoder.receiving = true
    this.#events.opened()
  }

  #end(code: 'ERR_STREAM_LOST' | 'ERR_PROTOCOL_UNSUPPORTED', reason: string, cause?: Error): void {
    if (this.#phase === 'ended') return
    this.#phase = 'ended'
    this.#socket.destroy()
    const message = `stream ${this.#info.toString()} ${code === 'ERR_STREAM_LOST' ? 'was lost' : 'is refused'}: ${reason}`
    this.#events.ended(new DareplaneError(code, message, { cause }))
  }
}
