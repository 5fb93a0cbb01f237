import { runBuilt } from '../run-built.js'

runBuilt(new URL('./new-module.built.js', import.meta.url))
