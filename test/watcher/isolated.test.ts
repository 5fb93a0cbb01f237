import '../support/loopback.js'
import { ENGINES } from '../support/engines.js'
import { runBuilt } from '../run-built.js'

process.env['TEST_ENGINES'] = ENGINES.join(',')
runBuilt(new URL('./isolated.built.js', import.meta.url))
