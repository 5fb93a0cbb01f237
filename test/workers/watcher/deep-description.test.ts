import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { fakeOutlet } from '../../support/fake-outlet.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { StreamWatcher } from '../../../src/stream-watcher.js'

/** 123456.789, the stamp of the test samples of a stream of one int8 channel. */
const STAMP = 'c976be9f0c24fe40'

t.test('a watcher connects to a stream whose description is thousands of elements deep', async t => {
  const name = uniqueName('deep')
  const fields = { name, channelFormat: 'int8', uid: name } as const
  const deep = `<desc>${'<a>'.repeat(5000)}x${'</a>'.repeat(5000)}</desc>`
  const head = `LSL/110 200 OK\r\nUID: ${name}\r\nByte-Order: 1234\r\nSuppress-Subnormals: 0\r\n\r\n`
  await fakeOutlet(t, {
    fields,
    serve: socket =>
      socket.once('data', request => {
        if (String(request).startsWith('LSL:fullinfo'))
          socket.end(new StreamInfo({ channelCount: 1, ...fields }).asXml().replace('<desc />', deep))
        else socket.write(Buffer.concat([Buffer.from(head), Buffer.from(`02${STAMP}0502${STAMP}03`, 'hex')]))
      }),
  })
  await using watcher = new StreamWatcher({ name, engine: 'builtin' })
  await watcher.connectToStream({ timeoutS: 20 })
  t.match(watcher.info.unread, [/metadata: more than 256 elements/])
  t.equal(watcher.state, 'connected')
})
