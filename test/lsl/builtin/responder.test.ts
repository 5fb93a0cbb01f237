import '../../support/loopback.js'
import { once } from 'node:events'
import t from 'tap'
import { builtinEngine } from '../../../src/lsl/builtin/builtin-engine.js'
import { loadConfig } from '../../../src/lsl/builtin/config/load-config.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { boundSocket } from '../../support/free-port.js'

t.test('where the port for queries to everybody cannot be had, that is said once', async t => {
  const socket = (await boundSocket(0))!
  t.teardown(() => socket.close())
  const { port } = socket.address()
  const warnings: string[] = []
  const told = once(process, 'warning', { signal: AbortSignal.timeout(20_000) })
  process.on('warning', ({ message }) => warnings.push(message))
  for (let round = 0; round < 2; round++) {
    // A configuration of its own has a responder of its own.
    const engine = builtinEngine({ ...loadConfig().config, multicastPort: port })
    const outlet = engine.createOutlet(new StreamInfo({ name: 'unheard', channelCount: 1 }), {
      chunkSize: 1,
      maxBufferedS: 1,
    })
    if (round === 0) await told
    await engine.resolve(`uid='${outlet.info.uid}'`, { minimum: 1, timeoutS: 10 })
    await outlet.close()
  }
  t.match(warnings, [new RegExp(`not found from other machines: UDP port ${port} cannot be had \\(EADDRINUSE\\)$`)])
  t.equal(warnings.length, 1)
})
