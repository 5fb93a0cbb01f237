import { runBuilt } from '../run-built.js'

runBuilt(new URL('./server-faults.built.js', import.meta.url))
