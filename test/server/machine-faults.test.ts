import { runBuilt } from '../run-built.js'

runBuilt(new URL('./machine-faults.built.js', import.meta.url))
