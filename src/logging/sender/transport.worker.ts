import { parentPort, workerData } from 'node:worker_threads'
import { Transport } from './transport.js'
import { DONE, RUNNING, UNDELIVERED } from './transport-messages.js'
import type { TransportMessage } from './transport-messages.js'

/** What the owner starts this thread with. */
export interface TransportData {
  readonly control: SharedArrayBuffer
}

const control = new Int32Array((workerData as TransportData).control)
const transport = new Transport(count => Atomics.store(control, UNDELIVERED, count))

parentPort?.on('message', (message: TransportMessage) => {
  switch (message.kind) {
    case 'ring':
      void transport.attach(message.thread, message.buffer)
      break
    case 'closed':
      transport.closed(message.thread)
      break
    case 'end':
      void transport.end(message).finally(() => {
        Atomics.store(control, DONE, message.request)
        Atomics.notify(control, DONE)
      })
      break
  }
})
Atomics.store(control, RUNNING, 1)
parentPort?.postMessage('running')
