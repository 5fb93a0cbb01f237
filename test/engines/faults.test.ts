import { runOnOtherEngines } from '../support/engines.js'

runOnOtherEngines('watcher/faults.test.ts')
