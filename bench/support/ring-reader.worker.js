// A worker job as users write it: waits in the ring of a watcher, and notes how old the newest frame is when it wakes.
import { parentPort, workerData } from 'node:worker_threads'
import { localClock, RingReader } from '../../dist/index.js'

const reader = RingReader.attach(workerData)
parentPort.on('message', frames => {
  const latencies = []
  let got = 0
  let lastS = localClock()
  while (got < frames && reader.wait(10_000)) {
    lastS = localClock()
    const window = reader.takeNew()
    got += window.frames
    latencies.push(lastS - window.times[window.frames - 1])
  }
  parentPort.postMessage({ got, lastS, latencies })
})
parentPort.postMessage('ready')
