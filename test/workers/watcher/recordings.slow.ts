import '../../support/loopback.js'
import t from 'tap'
import { ENGINES } from '../../support/lsl/engines.js'
import { recording } from '../../support/xdf/recordings.js'
import { arrivesWhole, RECORDED_FRAMES } from '../../support/lsl/replayed.js'

t.jobs = 3
for (const [file, frames] of RECORDED_FRAMES)
  for (const engine of ENGINES) {
    const options = { skip: recording(file).skip, buffered: true }
    t.test(`${file}, replayed by another process, arrives bit for bit on ${engine}`, options, async t => {
      t.same(await arrivesWhole(t, file, { outlet: { engine }, inlet: { engine } }), frames)
    })
  }
