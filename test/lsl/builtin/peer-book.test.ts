import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { builtinEngine } from '../../../src/lsl/builtin/builtin-engine.js'
import { loadConfig } from '../../../src/lsl/builtin/config/load-config.js'
import { PeerBook } from '../../../src/lsl/builtin/discovery/peer-book.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

t.test(
  'addresses are known at once, names when they were found, and nobody waits for a silent name server',
  async t => {
    let answer = (_: readonly string[]): void => undefined
    const book = new PeerBook(['10.0.0.1', 'amp', 'silent'], name =>
      name === 'silent' ? new Promise(() => undefined) : new Promise(resolve => (answer = resolve)),
    )
    t.same(book.addresses(0), ['10.0.0.1'])
    answer(['10.0.0.2', 'fe80::2'])
    await settled()
    t.same(book.addresses(0), ['10.0.0.1', '10.0.0.2', 'fe80::2'])
  },
)

t.test('a lookup that failed is made again, and what was known stays', async t => {
  const asked: string[] = []
  let addresses: readonly string[] | undefined
  const book = new PeerBook(['amp'], async name => {
    asked.push(name)
    if (addresses === undefined) throw new Error('unknown')
    return addresses
  })
  t.same(book.addresses(0), [])
  await settled()
  addresses = ['10.0.0.2']
  t.same(book.addresses(0), [])
  t.equal(asked.length, 1, 'not at every wave')
  t.same(book.addresses(1e12), [])
  await settled()
  t.equal(asked.length, 2)
  addresses = undefined
  t.same(book.addresses(2e12), ['10.0.0.2'])
  await settled()
  t.same(book.addresses(3e12), ['10.0.0.2'])
})

t.test('a name that no name server answers does not hide the streams of this computer', async t => {
  const config = { ...loadConfig().config, knownPeers: ['silent.invalid'] }
  const engine = builtinEngine(config)
  const outlet = engine.createOutlet(new StreamInfo({ name: uniqueName('local'), channelCount: 1 }), {
    chunkSize: 1,
    maxBufferedS: 1,
  })
  t.teardown(() => outlet.close())
  const found = await engine.resolve(`uid='${outlet.info.uid}'`, { minimum: 1, timeoutS: 10 })
  t.equal(found.length, 1)
})
