import { isMainThread } from 'node:worker_threads'

let survives = false

/**
 * From now on this process outlives whoever reads its standard output and error: without a listener the first write after
 * that ends it, and all its jobs. What cannot be shown is lost: nobody is there to see it. Idempotent, any thread.
 */
export function surviveClosedOutput(): void {
  // The streams of other threads lead into those of the main thread.
  if (survives || !isMainThread) return
  survives = true
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}
