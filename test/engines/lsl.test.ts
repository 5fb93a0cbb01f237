import { runOnOtherEngines } from '../support/engines.js'

runOnOtherEngines('lsl/resolve.test.ts', 'lsl/stream-inlet.test.ts', 'lsl/stream-outlet.test.ts')
