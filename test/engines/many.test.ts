import { runOnOtherEngines } from '../support/engines.js'

runOnOtherEngines('watcher/many.test.ts')
