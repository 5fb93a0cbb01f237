import { runBuilt } from '../run-built.js'

runBuilt(new URL('./subprocess-job.built.js', import.meta.url))
