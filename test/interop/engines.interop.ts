import { runOnOtherEngines } from '../support/engines.js'
runOnOtherEngines('interop/stream-watcher.interop.ts')
