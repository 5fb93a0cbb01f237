// An outlet in a process of its own, told how many samples to send: `free` sleeps in its event loop, `blocked` in Atomics.wait,
// `busy` computes 300 ms of each second and pushes in a loop, `found` blocks for good after it was made. In `job` and `busy-job` a thread
// of a job pushes to a JobOutlet while the thread that made it sleeps in its event loop, or computes 300 ms at a time.
import './loopback.js'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { localClock, StreamInfo, StreamOutlet } from '../../dist/index.js'
import { JobOutlet } from '../../dist/signal/index.js'
import { pushAtRate } from './push-at-rate.js'

const { name, mode, channels, rate, engine, networkThread } = JSON.parse(process.argv[2])
const isJob = mode.endsWith('job')
const madeS = localClock()
const info = new StreamInfo({ name, type: 'Bench', channelCount: channels, nominalSrate: rate })
const outlet = new (isJob ? JobOutlet : StreamOutlet)(info, { engine, networkThread })
const sample = new Float32Array(channels)

const push = () => outlet.pushSample(sample, localClock())

function compute(untilS) {
  while (localClock() < untilS);
}

async function free(frames) {
  const startS = localClock()
  for (let sent = 0; sent < frames;) {
    await new Promise(resolve => setTimeout(resolve, 1))
    for (; sent < frames && startS + sent / rate <= localClock(); sent++) push()
  }
}

const blocked = frames => pushAtRate(frames, rate, push)

let thread
const job = frames => thread.postMessage(frames)

async function busyJob(frames) {
  let isDone = false
  thread.postMessage(frames)
  thread.once('message', () => (isDone = true))
  while (!isDone) {
    compute(localClock() + 0.3)
    await new Promise(resolve => setTimeout(resolve, 1))
  }
}

/** One stretch of work a second, in whose middle and at whose end it pushes. */
async function busy(frames) {
  for (let sent = 0; sent < frames; sent++) {
    if (sent % 50 === 0) {
      const startS = localClock()
      compute(startS + 0.15)
      push()
      sent++
      compute(startS + 0.3)
    }
    push()
    await new Promise(resolve => setTimeout(resolve, 1))
  }
}

if (isJob) {
  const workerData = { outlet: outlet.share(), channels, rate }
  thread = new Worker(new URL('./outlet-job.js', import.meta.url), { workerData })
  await once(thread, 'message')
}
process.on('message', frames => void { free, blocked, busy, job, 'busy-job': busyJob }[mode](frames))
process.on('disconnect', () => process.exit())
process.send(madeS, () => {
  if (mode === 'found') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})
