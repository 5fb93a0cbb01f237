import { DareplaneError } from '../../../errors.js'
import type { StreamInfo } from '../../stream-info.js'
import { identityQuery } from '../../identity.js'
import type { LslConfig } from '../config/lsl-config.js'
import { Search } from '../discovery/stream-search.js'
import { sessionQuery } from '../discovery/session-query.js'

/** Seconds between waves of queries while a stream is looked for. */
const EVERY_S = 0.1
/** After the first answer, that long is waited for others: several candidates are no answer. */
const OTHERS_MS = 100

function sameShape(a: StreamInfo, b: StreamInfo): boolean {
  return a.channelCount === b.channelCount && a.channelFormat === b.channelFormat
}

/**
 * Looks for the outlet that continues a lost stream: the same instance, or the only one of the same name, type and source id.
 * Rejects with ERR_STREAM_INCOMPATIBLE when it came back in another shape, ERR_CLOSED when `signal` is aborted. Several
 * candidates are reported once, and waited for to become one.
 */
export function findSuccessor(lost: StreamInfo, config: LslConfig, signal: AbortSignal): Promise<StreamInfo> {
  const { name, type, sourceId, uid } = lost
  const { predicate, holds } = identityQuery({ name, type: type === '' ? undefined : type, sourceId })
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    let reported = false
    const finish = (): void => {
      clearTimeout(timer)
      search.close()
      signal.removeEventListener('abort', abort)
    }
    const abort = (): void => {
      finish()
      reject(new DareplaneError('ERR_CLOSED', 'the inlet was closed'))
    }
    const decide = (): void => {
      timer = undefined
      const streams = search.streams.filter(holds)
      const fitting = streams.filter(stream => sameShape(stream, lost))
      const successor = fitting.find(stream => stream.uid === uid) ?? (fitting.length === 1 ? fitting[0] : undefined)
      if (successor !== undefined) {
        finish()
        resolve(successor)
      } else if (streams.length === 0) {
        // What has answered was another's: the query could not say all.
        return
      } else if (fitting.length === 0) {
        finish()
        const [other] = streams
        const now = other === undefined ? '' : `: it is now ${other.toString()}`
        reject(
          new DareplaneError('ERR_STREAM_INCOMPATIBLE', `stream ${lost.toString()} came back in another shape${now}`),
        )
      } else {
        if (!reported)
          process.emitWarning(`${fitting.length} streams could be ${lost.toString()}; none is taken`, 'LslWarning')
        reported = true
      }
    }
    const search = new Search(config, sessionQuery(config.sessionId, predicate), {
      everyS: EVERY_S,
      forgetAfterS: 10 * EVERY_S,
      appeared: () => (timer ??= setTimeout(decide, OTHERS_MS).unref()),
      // One of several went: the others may be one now.
      disappeared: () => (timer ??= setTimeout(decide, OTHERS_MS).unref()),
    })
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
  })
}
