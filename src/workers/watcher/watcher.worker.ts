import { parentPort } from 'node:worker_threads'
import type { PullThreadOrder } from './pull-thread.js'
import { WatcherService } from './watcher-service.js'

/** A pull thread: serves each watcher that it is given, and ends by itself when it is told to and all have left. */

if (parentPort === null) throw new TypeError('watcher.worker is started by PullThread')
const port = parentPort

port.on('message', (order: PullThreadOrder) => {
  // The port is what keeps this thread alive; without it the thread ends as soon as everything is released.
  if (order === 'end') port.close()
  else void new WatcherService(order.setup, order.port).serve()
})
