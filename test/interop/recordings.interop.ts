import '../support/loopback.js'
import t from 'tap'
import type { EngineOptions } from '../../src/lsl/choose-engine.js'
import { OLD_LIBRARY } from '../support/lsl/libraries.js'
import { Peer } from '../support/interop/peer.js'
import { withoutPython } from '../support/interop/python.js'
import { recording } from '../support/xdf/recordings.js'
import { arrivesWhole, RECORDED_FRAMES } from '../support/lsl/replayed.js'

async function wheels(): Promise<{ mne: string; pylsl: string }> {
  await using python = Peer.python()
  return await python.ask('libraries')
}

t.test('recordings on a current liblsl, as outlet and as inlet', { skip: withoutPython }, async t => {
  const { mne, pylsl } = await wheels()
  const liblsl = (library: string): EngineOptions => ({ engine: 'liblsl', library })
  const builtin: EngineOptions = { engine: 'builtin' }
  const pairs = {
    'both current': { outlet: liblsl(pylsl), inlet: liblsl(mne) },
    'the outlet current, the inlet 1.10': { outlet: liblsl(mne), inlet: liblsl(OLD_LIBRARY) },
    'the outlet 1.10, the inlet current': { outlet: liblsl(OLD_LIBRARY), inlet: liblsl(pylsl) },
  }
  // Of the longest recording only: npm test has all of them on each engine alone.
  const mixed = {
    'the outlet builtin, the inlet current': { outlet: builtin, inlet: liblsl(pylsl) },
    'the outlet current, the inlet builtin': { outlet: liblsl(pylsl), inlet: builtin },
  }
  t.jobs = 3
  for (const [file, frames] of RECORDED_FRAMES) {
    for (const [which, ends] of Object.entries(file === 'clock_resets.xdf' ? { ...pairs, ...mixed } : pairs)) {
      const options = { skip: recording(file).skip, buffered: true }
      t.test(`${file} arrives bit for bit, ${which}`, options, async t => {
        t.same(await arrivesWhole(t, file, ends), frames)
      })
    }
  }
})
