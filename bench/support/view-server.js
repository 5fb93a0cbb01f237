// A view of rings that are filled by a thread, in a process whose CPU is asked for over its channel; the thread's own is taken away.
import { Worker } from 'node:worker_threads'
import { RingBuffer, StreamInfo, localClock } from '../../dist/index.js'
import { StreamWatcher } from '../../dist/stream-watcher.js'
import { startView } from '../../dist/view/index.js'

const { streams, channels, rate } = JSON.parse(process.argv[2])
const rings = Array.from({ length: streams }, () =>
  RingBuffer.allocate({ frames: 2 * rate, channels, format: 'float32', nominalSrate: rate }),
)
const filling = new Worker(
  `const { workerData } = require('node:worker_threads')
  import(workerData.writer).then(({ RingWriter }) => {
    const { handles, channels, rate } = workerData
    const writers = handles.map(handle => new RingWriter(handle))
    const clock = () => { const [s, ns] = process.hrtime(); return s + ns * 1e-9 }
    const start = clock()
    let sent = 0
    setInterval(() => {
      const frames = Math.min(rate / 4, Math.floor((clock() - start) * rate) - sent)
      const data = Float32Array.from({ length: frames * channels }, (_, i) => Math.sin(i))
      const times = Float64Array.from({ length: frames }, (_, i) => start + (sent + i) / rate)
      for (const writer of writers) writer.append(data, times)
      sent += frames
    }, 20)
    require('node:worker_threads').parentPort.on('message', () => require('node:worker_threads').parentPort.postMessage(process.threadCpuUsage?.()))
  })`,
  { eval: true, workerData: { writer: new URL('../../dist/ring/ring-writer.js', import.meta.url).href, handles: rings.map(ring => ring.share()), channels, rate } }, // prettier-ignore
)

/** What a view needs of a watcher, over a ring that is there. */
const watchers = rings.map((ring, index) => {
  const watcher = new StreamWatcher({ name: `bench-${index}` })
  const info = new StreamInfo({ name: `bench-${index}`, type: 'EEG', channelCount: channels, nominalSrate: rate })
  const stats = { frames: 1, rateByClock: rate, rateByStamps: rate, lost: 0, overflows: 0, gaps: 0, gapFrames: 0, lapped: 0, pulls: 1, epoch: 0, timeCorrection: undefined, engine: 'none', libraryVersion: '' } // prettier-ignore
  return Object.defineProperties(watcher, {
    info: { value: info },
    state: { value: 'connected' },
    share: { value: () => ring.share() },
    stats: { get: () => ({ ...stats, ageS: Math.max(0, localClock() - ring.lastT) }) },
  })
})
const view = await startView({ port: 0, watchers })
process.on('message', () => {
  // Of this thread alone: the thread that fills the rings is not the view.
  const { user, system } = process.cpuUsage()
  const idle = performance.eventLoopUtilization()
  process.send({ cpuS: Math.min((user + system) / 1e6, idle.active / 1000) })
})
process.on('disconnect', async () => {
  await view.close()
  await filling.terminate()
  process.exit()
})
process.send({ port: view.port })
