// npm start: builds if needed, then runs `dareplane demo` with the arguments given.
// Where no liblsl is installed, the old one that comes with the development dependencies serves.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import './build.js'

const root = join(import.meta.dirname, '..')
const { chooseEngine } = await import('../dist/lsl/choose-engine.js')
const env = { ...process.env }
try {
  chooseEngine()
} catch {
  const folder = dirname(createRequire(import.meta.url).resolve('node-lsl/package.json'))
  env.LSL_LIB = join(folder, 'prebuilt', 'liblsl64.so')
}

const demo = spawn(process.execPath, [join(root, 'dist', 'cli.js'), 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
})
// The terminal gives its Ctrl-C to both; this one waits for the demo to finish.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => demo.kill('SIGTERM'))
demo.on('exit', code => process.exit(code ?? 1))
