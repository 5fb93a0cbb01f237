import { runOnOtherEngines } from './support/lsl/engines.js'

runOnOtherEngines('stream-watcher.test.js')
