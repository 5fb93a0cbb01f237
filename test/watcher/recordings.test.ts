import '../support/loopback.js'
import t from 'tap'
import { OLD_LIBRARY } from '../support/lsl-libraries.js'
import { recording } from '../support/recordings.js'
import { arrivesWhole, RECORDED_FRAMES } from '../support/replayed.js'

t.jobs = 3
for (const [file, frames] of RECORDED_FRAMES) {
  const options = { skip: recording(file).skip, buffered: true }
  t.test(`${file}, replayed by another process, arrives bit for bit`, options, async t => {
    t.same(await arrivesWhole(t, file, { outlet: OLD_LIBRARY, inlet: OLD_LIBRARY }), frames)
  })
}
