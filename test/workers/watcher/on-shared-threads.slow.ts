import { runOnSharedThreads } from '../../support/lsl/engines.js'

runOnSharedThreads(
  'stream-watcher.test.js',
  'workers/watcher/faults.slow.js',
  'workers/watcher/many.slow.js',
  'workers/watcher/deep-description.test.js',
  'workers/watcher/odd-identity.test.js',
  'workers/watcher/vanishing-stream.test.js',
)
