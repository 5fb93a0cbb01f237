import { DefaultCallbackServer, StreamWatcher } from 'dareplane-utils'
import { startJob } from 'dareplane-utils/signal'

/**
 * The module: a server with its commands, a stream that they watch, and a job that computes on a thread of its own.
 *
 * START  watches the stream and starts the job; the payload overrides the configuration: START|{"threshold": 20}.
 *        While the job runs another START is refused: it would call the target twice
 * SET    changes the configuration for the next START: SET|{"channel": 3}
 * STOP   stops the job, CLOSE ends the module; every server has these two
 */
export function createModule({ port, ip, config, logger }) {
  const settings = { ...config }
  const server = new DefaultCallbackServer({ port, ip, name: 'dareplane-module', logger })

  /** The watcher of the last START, which the next one goes on with; one START after the other, whoever sends it. */
  let watching = Promise.resolve()
  const watch = (name, bufferSizeS, signal) => {
    watching = watching
      .catch(() => undefined)
      .then(async before => {
        const isOver = before?.state === 'disconnected' || before?.state === 'failed'
        if (signal.aborted || (before?.name === name && !isOver)) return before
        await before?.disconnect()
        const watcher = new StreamWatcher({ name, bufferSizeS, logger })
        // A STOP meanwhile ends the search for the stream.
        const giveUp = () => void watcher.disconnect()
        signal.addEventListener('abort', giveUp)
        return watcher.connectToStream({ timeoutS: 5 }).finally(() => signal.removeEventListener('abort', giveUp))
      })
    return watching
  }

  const start = async (kwargs, { signal }) => {
    const config = { ...settings, ...kwargs }
    const watcher = await watch(config.stream_name, config.buffer_size_s, signal)
    if (signal.aborted) return
    const job = new URL('./threshold.job.js', import.meta.url)
    // A server sends callbacks from its own thread only: the job sends results, and they come here.
    const onResult = ({ rms }) => server.sendCallback(config.target_module, config.target_pcomm, { rms })
    return startJob(job, { streams: [watcher], config, onResult, logger })
  }
  server.pcommandMap.set('START', start, { exclusive: true })
  server.pcommandMap.set('SET', kwargs => void Object.assign(settings, kwargs))

  let closing
  const close = () => {
    const disconnect = watcher => watcher?.disconnect()
    closing ??= Promise.all([server.shutdown(), watching.then(disconnect, () => undefined)])
    return closing
  }
  return { server, settings, close }
}
