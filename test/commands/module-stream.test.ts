import { runBuilt } from '../run-built.js'

runBuilt(new URL('./module-stream.built.js', import.meta.url))
