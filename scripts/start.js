// npm start: builds if needed, then runs `dareplane demo --view` with the arguments given.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildSources, root } from './build.js'

await buildSources()
const cli = join(root, 'dist', 'bin.js')
const demo = spawn(process.execPath, [cli, 'demo', '--view', ...process.argv.slice(2)], { stdio: 'inherit' })
// The terminal gives its Ctrl-C to both; this one waits for the demo to finish.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => demo.kill('SIGTERM'))
demo.on('exit', code => process.exit(code ?? 1))
