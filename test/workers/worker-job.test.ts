import { runBuilt } from '../run-built.js'

runBuilt(new URL('./worker-job.built.js', import.meta.url))
