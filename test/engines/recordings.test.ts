import { runOnOtherEngines } from '../support/engines.js'

runOnOtherEngines('watcher/recordings.test.ts')
