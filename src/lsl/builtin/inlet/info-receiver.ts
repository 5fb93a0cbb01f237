import { connect } from 'node:net'
import { DareplaneError } from '../../../errors.js'
import { startTimer } from '../../../timer.js'
import { parseStreamInfo } from '../../parse-stream-info.js'
import { StreamInfo } from '../../stream-info.js'
import type { Endpoint } from '../net/endpoints.js'

const LARGEST_DOCUMENT = 64 * 1024 * 1024

/**
 * The description of `info` with its metadata, from its outlet. Rejects with ERR_TIMEOUT, ERR_STREAM_LOST when nobody is
 * there or another stream is, ERR_STREAM_INVALID.
 */
export function receiveFullInfo(
  info: StreamInfo,
  endpoint: Endpoint,
  timeoutS: number,
  signal: AbortSignal,
): Promise<StreamInfo> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let bytes = 0
    const socket = connect({ host: endpoint.address, port: endpoint.dataPort })
    const finish = (result: StreamInfo | DareplaneError): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.destroy()
      if (result instanceof StreamInfo) resolve(result)
      else reject(result)
    }
    const abort = (): void => finish(new DareplaneError('ERR_CLOSED', 'the inlet was closed'))
    const lost = (reason: string): void =>
      finish(new DareplaneError('ERR_STREAM_LOST', `stream ${info.toString()} was lost: ${reason}`))
    const timer = startTimer(timeoutS * 1000, () =>
      finish(new DareplaneError('ERR_TIMEOUT', `stream ${info.toString()} did not answer within ${timeoutS} s`)),
    )
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    socket.on('connect', () => socket.write('LSL:fullinfo\r\n'))
    socket.on('error', error => lost(error.message))
    socket.on('data', (part: Buffer) => {
      parts.push(part)
      bytes += part.byteLength
      if (bytes > LARGEST_DOCUMENT) finish(new DareplaneError('ERR_STREAM_INVALID', 'the description is too long'))
    })
    socket.on('end', () => {
      const parsed = parseStreamInfo(Buffer.concat(parts).toString('utf8'))
      if (bytes === 0) lost('the outlet closed the connection')
      else if ('reason' in parsed)
        finish(new DareplaneError('ERR_STREAM_INVALID', `${info.toString()} describes itself badly: ${parsed.reason}`))
      else if (info.uid !== '' && parsed.fields.uid !== info.uid) lost('another stream is served there')
      // The outlet does not know by which address it is reached.
      else
        finish(new StreamInfo({ ...parsed.fields, v4address: info.fields.v4address, v6address: info.fields.v6address }))
    })
  })
}
