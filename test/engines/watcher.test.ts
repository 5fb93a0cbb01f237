import { runOnOtherEngines } from '../support/engines.js'

runOnOtherEngines('stream-watcher.test.ts')
