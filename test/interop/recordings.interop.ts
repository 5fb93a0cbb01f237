import '../support/loopback.js'
import t from 'tap'
import { OLD_LIBRARY } from '../support/lsl-libraries.js'
import { Peer } from '../support/peer.js'
import { withoutPython } from '../support/python.js'
import { recording } from '../support/recordings.js'
import { arrivesWhole, RECORDED_FRAMES } from '../support/replayed.js'

async function wheels(): Promise<{ mne: string; pylsl: string }> {
  await using python = Peer.python()
  return await python.ask('libraries')
}

t.test('recordings on a current liblsl, as outlet and as inlet', { skip: withoutPython }, async t => {
  const { mne, pylsl } = await wheels()
  const pairs = {
    'both current': { outlet: pylsl, inlet: mne },
    'the outlet current, the inlet 1.10': { outlet: mne, inlet: OLD_LIBRARY },
    'the outlet 1.10, the inlet current': { outlet: OLD_LIBRARY, inlet: pylsl },
  }
  t.jobs = 3
  for (const [file, frames] of RECORDED_FRAMES) {
    for (const [which, libraries] of Object.entries(pairs)) {
      const options = { skip: recording(file).skip, buffered: true }
      t.test(`${file} arrives bit for bit, ${which}`, options, async t => {
        t.same(await arrivesWhole(t, file, libraries), frames)
      })
    }
  }
})
