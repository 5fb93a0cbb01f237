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
  let watcher

  const server = new DefaultCallbackServer({ port, ip, name: 'dareplane-module', logger })
  server.pcommandMap.set('START', async kwargs => {
    const { stream_name: name, buffer_size_s: bufferSizeS, channel, threshold } = { ...settings, ...kwargs }
    if (watcher?.info?.name !== name) {
      await watcher?.disconnect()
      watcher = new StreamWatcher({ name, bufferSizeS, logger })
      await watcher.connectToStream({ timeoutS: 5 })
    }
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
    closing ??= Promise.all([server.shutdown(), watcher?.disconnect()])
    return closing
  }
  return { server, settings, close }
}
