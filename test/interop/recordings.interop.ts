import '../support/loopback.js'
import t from 'tap'
import { OLD_LIBRARY, wheelLibrary } from '../support/lsl-libraries.js'
import { withoutPython } from '../support/python.js'
import { recording } from '../support/recordings.js'
import { arrivesBitForBit } from '../support/replayed.js'

const current = wheelLibrary()
const skip = withoutPython || (current === undefined && 'no wheel with a liblsl') || recording('clock_resets.xdf').skip

// clock_resets.xdf has 27,815 frames of 8 channels and 175 markers; empty_streams.xdf has two streams without a sample.
for (const name of ['clock_resets.xdf', 'empty_streams.xdf'] as const) {
  for (const [what, outlet, watcher] of [
    ['from a current liblsl to a current one', current, current],
    ['from a current liblsl to 1.10', current, OLD_LIBRARY],
    ['from liblsl 1.10 to a current one', OLD_LIBRARY, current],
  ] as const) {
    t.test(`${name} arrives bit for bit ${what}`, { skip }, t =>
      arrivesBitForBit(t, name, { outlet: outlet!, watcher: watcher! }),
    )
  }
}
