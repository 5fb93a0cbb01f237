import { runBuilt } from '../run-built.js'

runBuilt(new URL('./pool.built.js', import.meta.url))
