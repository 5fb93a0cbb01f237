import '../loopback.js'
import t from 'tap'
import { resolve } from 'node:path'
import { ENGINE_VARIABLE } from '../../../src/lsl/choose-engine.js'
import type { EngineName } from '../../../src/lsl/choose-engine.js'
import { THREAD_VARIABLE } from '../../../src/workers/watcher/choose-thread.js'
import { needsLiblsl } from './libraries.js'

/** Every engine that conformance tests run for: the C library where `loopback.js` names one. */
export const ENGINES: readonly Exclude<EngineName, 'auto'>[] = needsLiblsl().skip ? ['builtin'] : ['liblsl', 'builtin']

/** Every engine's outlets with every engine's inlets. */
export const ENGINE_PAIRS = ENGINES.flatMap(outlet => ENGINES.map(inlet => ({ outlet, inlet })))

/**
 * Runs test files, which by themselves run on the C library (what 'auto' is where `loopback.js` names one), again on every
 * other engine. Paths from the test folder.
 */
export function runOnOtherEngines(...files: readonly string[]): void {
  if (ENGINES.length === 1) t.test('again on the other engine', needsLiblsl(), () => undefined)
  for (const engine of ENGINES.filter(engine => ENGINES.length > 1 && engine !== 'liblsl'))
    for (const file of files) runAgain(file, { [ENGINE_VARIABLE]: engine }, `on ${engine}`)
}

/** Runs test files again on the builtin engine with all watchers of a process on shared threads. Paths from the test folder. */
export function runOnSharedThreads(...files: readonly string[]): void {
  for (const file of files)
    runAgain(file, { [ENGINE_VARIABLE]: 'builtin', [THREAD_VARIABLE]: 'shared' }, 'on shared threads')
}

function runAgain(file: string, environment: Readonly<Record<string, string>>, how: string): void {
  t.spawn(
    process.execPath,
    [...process.execArgv, resolve(import.meta.dirname, '..', '..', file)],
    { env: { ...process.env, ...environment, TAP: '1' } },
    `${file} ${how}`,
  )
}
