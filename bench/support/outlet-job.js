// The thread of a job: told how many samples to push to the outlet of its module, it blocks in between, and tells when it is done.
import { parentPort, workerData } from 'node:worker_threads'
import { localClock } from '../../dist/clock.js'
import { OutletWriter } from '../../dist/signal/jobs/outlet-writer.js'
import { pushAtRate } from './push-at-rate.js'

const { outlet, channels, rate } = workerData
const writer = new OutletWriter(outlet)
const sample = new Float32Array(channels)

parentPort.on('message', frames => {
  pushAtRate(frames, rate, () => writer.pushSample(sample, localClock()))
  parentPort.postMessage('done')
})
parentPort.postMessage('ready')
