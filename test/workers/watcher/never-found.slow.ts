import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { kill, lineOf, startFixture } from '../../support/child.js'
import { ENGINES } from '../../support/lsl/engines.js'
import { fakeOutlet } from '../../support/fake-outlet.js'
import type { Serve } from '../../support/fake-outlet.js'
import { event, events, firstFrames } from '../../support/watcher-events.js'
import { StreamWatcher } from '../../../src/stream-watcher.js'
import type { ChildProcess } from 'node:child_process'
import type { Test } from 'tap'

async function outlet(t: Test, options: object): Promise<ChildProcess> {
  const child = startFixture('lsl/outlet.js', JSON.stringify(options))
  t.teardown(() => kill(child))
  await lineOf(child, 'ready')
  return child
}

const SERVES: Readonly<Record<string, Serve>> = {
  'speaks HTTP': socket => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  'knows no such version': socket => socket.once('data', () => socket.end('LSL/110 505 Version not supported')),
  'accepts and closes': socket => socket.destroy(),
}

for (const engine of ENGINES)
  // liblsl takes its whole time limit for each attempt: one kind of peer is enough.
  for (const [what, serve] of Object.entries(SERVES).slice(0, engine === 'liblsl' ? 1 : 3))
    t.test(`a peer that ${what} while a stream is lost does not end the search for it (${engine})`, async t => {
      const stream = { name: uniqueName('lost'), sourceId: uniqueName('amp') }
      const first = await outlet(t, stream)
      await using watcher = new StreamWatcher({ name: stream.name, engine })
      await watcher.connectToStream({ timeoutS: 20 })
      await firstFrames(watcher, 20)
      const lost = events(watcher, 'lost')
      const refused = event(watcher, 'refused')
      const gone = event(watcher, 'lost')
      await kill(first)
      await gone
      const fields = { ...stream, type: 'Test', channelCount: 2, nominalSrate: 100 }
      const fake = await fakeOutlet(t, { fields, serve })
      t.match((await refused).reason, stream.name)
      t.equal(watcher.state, 'lost')
      const recovered = event(watcher, 'recovered')
      await outlet(t, stream)
      t.match(await recovered, { after: 'lost' })
      t.equal(lost.length, 1, 'one loss, however often the peer was asked')
      // liblsl asks such a peer for its description without a pause, as long as an attempt takes.
      if (engine === 'builtin') t.ok(fake.connections() < 40, `${fake.connections()} connections`)
      else await fake.close()
      await firstFrames(watcher, 20)
    })
