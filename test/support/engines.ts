import { testFolder } from './loopback.js'
import t from 'tap'
import { join } from 'node:path'
import { ENGINE_VARIABLE } from '../../src/lsl/choose-engine.js'
import type { EngineName } from '../../src/lsl/choose-engine.js'

/** Every engine that conformance tests run for; `loopback.js` names the C library. */
export const ENGINES = ['liblsl', 'builtin'] as const satisfies readonly EngineName[]

/** Every engine's outlets with every engine's inlets. */
export const ENGINE_PAIRS = ENGINES.flatMap(outlet => ENGINES.map(inlet => ({ outlet, inlet })))

/**
 * Runs test files, which by themselves run on the C library (what 'auto' is where `loopback.js` names one), again on every
 * other engine. Paths from the test folder.
 */
export function runOnOtherEngines(...files: readonly string[]): void {
  for (const engine of ENGINES.filter(engine => engine !== 'liblsl'))
    for (const file of files)
      t.spawn(
        process.execPath,
        [...process.execArgv, join(testFolder, file)],
        { env: { ...process.env, [ENGINE_VARIABLE]: engine, TAP: '1' } },
        `${file} on ${engine}`,
      )
}
