// npm start: builds if needed, then runs `dareplane demo` with the arguments given.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import './build.js'

const cli = join(import.meta.dirname, '..', 'dist', 'cli.js')
const demo = spawn(process.execPath, [cli, 'demo', ...process.argv.slice(2)], { stdio: 'inherit' })
// The terminal gives its Ctrl-C to both; this one waits for the demo to finish.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => demo.kill('SIGTERM'))
demo.on('exit', code => process.exit(code ?? 1))
