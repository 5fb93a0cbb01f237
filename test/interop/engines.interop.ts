import { runOnOtherEngines } from '../support/lsl/engines.js'

runOnOtherEngines('interop/stream-watcher.interop.js')
