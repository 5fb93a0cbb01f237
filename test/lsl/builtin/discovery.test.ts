import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { builtinEngine } from '../../../src/lsl/builtin/builtin-engine.js'
import { loadConfig } from '../../../src/lsl/builtin/config/load-config.js'
import { Search } from '../../../src/lsl/builtin/discovery/stream-search.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { boundSocket, freeUdpPorts } from '../../support/free-port.js'

const { config } = loadConfig()
const engine = builtinEngine(config)
const OUTLET = { chunkSize: 1, maxBufferedS: 60 }

const infoOf = (name: string): StreamInfo => new StreamInfo({ name, type: 'D', channelCount: 1, sourceId: name })

t.test('a search tells of streams that appear and that disappear, each once', async t => {
  const name = uniqueName('comes and goes')
  const events: string[] = []
  let changed = (): void => undefined
  const happened = (count: number): Promise<void> =>
    new Promise(resolve => {
      const alive = setInterval(() => undefined, 1000)
      changed = () => {
        if (events.length < count) return
        clearInterval(alive)
        resolve()
      }
      changed()
    })
  const tell = (event: string, { uid }: StreamInfo): void => {
    events.push(`${event} ${uid}`)
    changed()
  }
  const search = new Search(config, `name='${name}'`, {
    everyS: 0.05,
    forgetAfterS: 0.5,
    appeared: info => tell('+', info),
    disappeared: info => tell('-', info),
  })
  t.teardown(() => search.close())
  const first = engine.createOutlet(infoOf(name), OUTLET)
  await happened(1)
  const second = engine.createOutlet(infoOf(name), OUTLET)
  await happened(2)
  await first.close()
  await happened(3)
  await second.close()
  await happened(4)
  const [a, b] = [first.info.uid, second.info.uid]
  t.same(events, [`+ ${a}`, `+ ${b}`, `- ${a}`, `- ${b}`])
  t.same(search.streams, [])
})

t.test('only answers to its own question count, and only those that describe a stream', async t => {
  const name = uniqueName('forged')
  // In the range of service ports, which a search asks.
  let port = config.basePort + config.portRange
  let bound: Socket | undefined
  while (!bound) bound = await boundSocket(--port, '127.0.0.1')
  const forger = bound
  t.teardown(() => forger.close())
  const real = new StreamInfo({ ...infoOf(name).fields, uid: 'real', v4dataPort: 1, v4servicePort: 1 })
  const forged = new StreamInfo({ ...real.fields, uid: 'forged' })
  forger.on('message', message => {
    const [, query, back = ''] = message.toString().split('\r\n')
    if (query?.includes(name) !== true) return
    const [port, id = ''] = back.split(' ')
    for (const answer of [
      `${id}1\r\n${forged.asXml()}`,
      forged.asXml(),
      `${id}\r\n`,
      `${id}\r\n<info><name>x</name></info>`,
      `${id}\r\n${forged.asXml().replace('<uid>forged</uid>', '<uid></uid>')}`,
      `${id}\r\n${forged.asXml().slice(0, 100)}`,
      `${id}\r\n${real.asXml()}`,
      `${id}\r\n${real.asXml()}`,
    ])
      forger.send(answer, Number(port), '127.0.0.1')
  })
  const found = await engine.resolve(`name='${name}'`, { minimum: 1, timeoutS: 10 })
  // The good answer was sent last: the others have been heard.
  t.same(
    found.map(({ uid, fields }) => [uid, fields.v4address]),
    [['real', '127.0.0.1']],
  )
})

t.test('a search ends when it is aborted, with what there is, also before it began', async t => {
  const name = uniqueName('aborted')
  const outlet = engine.createOutlet(infoOf(name), OUTLET)
  t.teardown(() => outlet.close())
  const limits = { minimum: 2, timeoutS: Infinity }
  const stopping = new AbortController()
  const search = engine.resolve(`name='${name}'`, { ...limits, signal: stopping.signal })
  await engine.resolve(`name='${name}'`, { minimum: 1, timeoutS: 5 })
  // The other search has sent its queries before; give its answer the turn it needs.
  setTimeout(() => stopping.abort(), 200)
  t.equal((await search).length, 1)
  t.same(await engine.resolve(`name='${name}'`, { ...limits, signal: AbortSignal.abort() }), [])
})

t.test('outlets find a port when the range is full, or say so', async t => {
  // A multicast port of its own: on the usual one another program may be the one that hears.
  const basePort = await freeUdpPorts(3)
  const tight = { ...config, basePort, portRange: 2, multicastPort: basePort + 2 }
  const outlets = Array.from({ length: 4 }, (_, index) =>
    builtinEngine(tight).createOutlet(infoOf(uniqueName(`p${index}`)), OUTLET),
  )
  const uids = new Set(outlets.map(({ info }) => info.uid))
  // One of those within the range hears, and the responder of all of them answers for the others.
  const found = await builtinEngine(tight).resolve("type='D'", { minimum: 4, timeoutS: 5 })
  t.same(new Set(found.map(({ uid }) => uid)), uids)
  await Promise.all(outlets.map(outlet => outlet.close()))

  const warned = once(process, 'warning') as Promise<Error[]>
  const alive = setInterval(() => undefined, 1000)
  const blocker = (await boundSocket(0))!
  const full = { ...config, basePort: blocker.address().port, portRange: 1, allowRandomPorts: false }
  const nowhere = builtinEngine(full).createOutlet(infoOf('nowhere'), OUTLET)
  t.match((await warned)[0]?.message, /found no free port/)
  clearInterval(alive)
  await nowhere.close()
  blocker.close()
})
