import { BroadcastChannel } from 'node:worker_threads'
import { DefaultCallbackServer, startWorkerJob, StreamWatcher } from 'dareplane-utils'

/**
 * The module: a server with its commands, a stream that they watch, and a job that computes on a thread of its own.
 *
 * START  watches the stream and starts the job; the payload overrides the configuration: START|{"threshold": 20}
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
        const isOver = ['disconnected', 'failed'].includes(before?.state)
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

  server.pcommandMap.set('START', async (kwargs, { signal }) => {
    const { stream_name: name, buffer_size_s: bufferSizeS, channel, threshold } = { ...settings, ...kwargs }
    const watcher = await watch(name, bufferSizeS, signal)
    if (signal.aborted) return
    const job = new URL('./threshold.job.js', import.meta.url)
    return startWorkerJob(job, { kwargs: { channel, threshold }, rings: [watcher.share()], logger })
  })
  server.pcommandMap.set('SET', kwargs => void Object.assign(settings, kwargs))

  // The job says on this channel when the threshold was crossed; a server sends callbacks from its own thread only.
  const crossings = new BroadcastChannel('threshold')
  crossings.onmessage = ({ data: { rms } }) => {
    server.sendCallback(settings.target_module, settings.target_pcomm, { rms })
  }

  let closing
  const close = () => {
    crossings.close()
    const disconnect = watcher => watcher?.disconnect()
    closing ??= Promise.all([server.shutdown(), watching.then(disconnect, () => undefined)])
    return closing
  }
  return { server, settings, close }
}
