import { once } from 'node:events'
import { connect } from 'node:net'
import { DareplaneError, errorCode } from '../../errors.js'
import { FOLLOW_REQUEST } from '../../logging/wire/follow-request.js'
import { FrameDecoder } from '../../logging/wire/frame-decoder.js'
import { MAX_FRAME_BYTES } from '../../logging/wire/frame.js'
import { receiveRecord } from '../../logging/receiver/received-record.js'
import type { ReceivedRecord } from '../../logging/receiver/received-record.js'
import { recordLine } from '../../logging/wire/record-line.js'
import { safeParts } from '../../logging/wire/safe-parts.js'

const ANSWER_MS = 2000

interface Followed {
  readonly host: string
  readonly port: number
  readonly signal: AbortSignal
}

/** Hands the lines of a running log server to `show`, from now on, until it closes or `signal` aborts. */
export function followServer(server: Followed, show: (line: string) => void): Promise<void> {
  return followRecords(server, record => {
    for (const line of recordLine(safeParts(record, record.message)).split('\n')) show(line)
  })
}

/** The same, with the records themselves. */
export async function followRecords(
  { host, port, signal }: Followed,
  take: (record: ReceivedRecord) => void,
): Promise<void> {
  const socket = connect({ host, port })
  try {
    await once(socket, 'connect', { signal })
  } catch (cause) {
    if (signal.aborted) return
    const reason = errorCode(cause) ?? 'error'
    throw new DareplaneError('ERR_CLOSED', `No log server answers on ${host}:${port} (${reason})`, { cause })
  }
  const decoder = new FrameDecoder(MAX_FRAME_BYTES * 2)
  const seen: { answer: boolean } = { answer: false }
  socket.on('error', () => undefined)
  socket.setTimeout(ANSWER_MS, () => socket.destroy())
  socket.on('data', chunk => {
    socket.setTimeout(0)
    seen.answer = true
    for (const body of decoder.push(chunk).bodies) {
      const received = receiveRecord(body)
      // The first answer is an empty frame.
      if ('record' in received) take(received.record)
    }
  })
  const abort = (): void => void socket.destroy()
  signal.addEventListener('abort', abort)
  socket.write(FOLLOW_REQUEST)
  await new Promise(resolve => socket.once('close', resolve))
  signal.removeEventListener('abort', abort)
  if (signal.aborted) return
  if (!seen.answer) {
    const advice = "it is Python's, or of another kind; follow its file: dareplane logs FILE"
    throw new DareplaneError('ERR_TIMEOUT', `The log server on ${host}:${port} cannot be followed: ${advice}`)
  }
  throw new DareplaneError('ERR_CLOSED', `The log server on ${host}:${port} has closed`)
}
