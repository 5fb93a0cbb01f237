import { ENGINES, TESTS_OF_ANY_ENGINE } from './support/engines.js'
import t from 'tap'
import { join } from 'node:path'
import { ENGINE_VARIABLE } from '../src/lsl/choose-engine.js'

// The files run by themselves on liblsl, which loopback.js names. Without their own timers: this file's are long enough.
for (const engine of ENGINES.filter(engine => engine !== 'liblsl'))
  for (const file of TESTS_OF_ANY_ENGINE)
    t.spawn(
      process.execPath,
      [...process.execArgv, join(import.meta.dirname, file)],
      { env: { ...process.env, [ENGINE_VARIABLE]: engine, TAP: '1' } },
      `${file} on ${engine}`,
    )
