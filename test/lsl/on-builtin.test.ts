import { runOnOtherEngines } from '../support/lsl/engines.js'

runOnOtherEngines('lsl/resolve.test.js', 'lsl/stream-inlet.test.js', 'lsl/stream-outlet.test.js')
