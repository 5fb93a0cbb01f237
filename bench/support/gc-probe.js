// Preloaded into every thread of a process (node --import): answers `mark` on a channel with what its own heap has seen.
import { performance, PerformanceObserver } from 'node:perf_hooks'
import { isMainThread, threadId } from 'node:worker_threads'

let events = 0
new PerformanceObserver(list => (events += list.getEntries().length)).observe({ entryTypes: ['gc'] })
const channel = new BroadcastChannel('gc-probe')
channel.unref()
channel.onmessage = ({ data }) => {
  // Entries arrive in a turn of their own.
  if (data === 'mark')
    setImmediate(() => {
      const { heapUsed } = process.memoryUsage()
      channel.postMessage({ isMainThread, threadId, events, heapUsed, nowMs: performance.now() })
    })
}
