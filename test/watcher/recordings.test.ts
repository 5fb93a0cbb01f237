import '../support/loopback.js'
import t from 'tap'
import { OLD_LIBRARY } from '../support/lsl-libraries.js'
import { recording } from '../support/recordings.js'
import { arrivesBitForBit } from '../support/replayed.js'

for (const name of ['clock_resets.xdf', 'empty_streams.xdf', 'minimal.xdf'] as const) {
  t.test(`watchers get every stream of ${name} bit for bit from another process`, recording(name), t =>
    arrivesBitForBit(t, name, { outlet: OLD_LIBRARY, watcher: OLD_LIBRARY }),
  )
}
