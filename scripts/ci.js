// Everything that must hold but the stress tests, on any platform: node scripts/ci.js [STEP ...]
// With names, only those steps. What else the tests need is installed where there is apt. The last line is `N passed, N failed`.
import { join } from 'node:path'
import { isWindows } from './platform.js'
import { needed } from './ci/debian.js'
import { hasNodeFromNpm, nodeFromNpm } from './ci/other-node.js'
import { ends, Tally } from './ci/tally.js'
import { runStep } from './ci/run-step.js'

const root = join(import.meta.dirname, '..')
const test = join('scripts', 'test.js')
/** What depends on the runtime: threads, Atomics, sockets, processes, native code. */
const RUNTIME_PARTS = [
  'ring/',
  'workers/',
  'system/',
  'lsl/',
  'logging/',
  'server/',
  'stop-event',
  'timer',
  'node-version',
]

/** Minutes that a step may take; one that runs tests counts their assertions. */
const PLAIN = { minutes: 10 }
const TESTS = { minutes: 20, counts: true }

/** In this order. `where` says on what machine, `before` what to prepare; after an `isVital` one that fails nothing is worth trying. */
const STEPS = [
  { name: 'install', command: ['npm', 'ci'], ...PLAIN, isVital: true },
  { name: 'check', command: ['npm', 'run', 'check'], ...PLAIN },
  { name: 'package', command: ['npm', 'run', 'check:package'], ...PLAIN },
  { name: 'dependencies', command: ['npm', 'run', 'check:dependencies'], ...PLAIN },
  { name: 'docs', command: ['npm', 'run', 'docs'], ...PLAIN },
  { name: 'quick', command: ['npm', 'run', 'test:coverage'], ...TESTS },
  { name: 'colour', command: ['npm', 'test'], env: { FORCE_COLOR: '1' }, ...TESTS },
  { name: 'terminal', command: ['script', '-qec', 'npm test', '/dev/null'], where: hasScript, ...TESTS },
  { name: 'slow', command: ['npm', 'run', 'test:slow'], ...TESTS },
  { name: 'interop', command: ['npm', 'run', 'test:interop'], before: python, ...TESTS },
  {
    name: 'browser',
    command: ['npm', 'run', 'test:browser'],
    before: () => needed('chromium', 'chromium', ['--version']),
    ...TESTS,
  },
  // As on a machine where no liblsl loads.
  {
    name: 'builtin',
    command: [process.execPath, test, 'liblsl/', 'lsl/stream', 'choose-engine'],
    env: { LSL_LIB: '' },
    ...TESTS,
  },
  ...[22, 24].map(major => ({
    name: `node-${major}`,
    command: () => [nodeFromNpm(major), test, ...RUNTIME_PARTS],
    where: hasNodeFromNpm,
    ...TESTS,
  })),
]

function hasScript() {
  return !isWindows && ends('script', ['-qec', 'true', '/dev/null'])
}

function python() {
  if (!process.env.INTEROP_PYTHON) needed('python3-venv', 'python3', ['-c', 'import ensurepip, venv'])
}

const wanted = process.argv.slice(2)
const unknown = wanted.find(name => !STEPS.some(step => step.name === name))
if (unknown !== undefined) {
  console.error(`no step is named ${unknown}; they are ${STEPS.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

process.chdir(root)
process.env.CI = 'true'
needed('iproute2', 'ip', ['-V'])
needed('procps', 'ps', ['-V'])
const tally = new Tally()
for (const step of STEPS) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue
  if (step.where && !step.where()) {
    console.log(`== ${step.name}: not on this machine`)
    continue
  }
  step.before?.()
  const ok = await runStep(step, tally)
  if (!ok && step.isVital) break
}
process.exitCode = tally.end()
