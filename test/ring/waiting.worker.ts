import { parentPort, workerData } from 'node:worker_threads'
import type { RingHandle } from '../../src/ring/allocate-ring.js'
import { RingReader } from '../../src/ring/ring-reader.js'

const reader = RingReader.attach(workerData as RingHandle)
parentPort?.on('message', (timeoutMs: number) => {
  const answer = reader.wait(timeoutMs)
  const { start, frames } = reader.takeNew()
  parentPort?.postMessage({ answer, closed: reader.closed, start, frames })
  if (reader.closed) parentPort?.close()
})
parentPort?.postMessage('ready')
