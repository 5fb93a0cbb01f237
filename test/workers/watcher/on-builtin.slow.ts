import { runOnOtherEngines } from '../../support/lsl/engines.js'

runOnOtherEngines('workers/watcher/faults.slow.js', 'workers/watcher/many.slow.js')
