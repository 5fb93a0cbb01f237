import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import { ENGINE_PAIRS, ENGINES } from '../support/lsl/engines.js'
import { fakeOutlet } from '../support/fake-outlet.js'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { xmlElement } from '../../src/lsl/xml.js'

for (const { outlet: from, inlet: to } of ENGINE_PAIRS)
  t.test(`metadata that is no strict XML does not keep a stream from being received (${from} to ${to})`, async t => {
    const desc = [xmlElement('before', 'x'), xmlElement('1', 'a'), xmlElement('my channel', 'b')]
    const info = new StreamInfo({ name: uniqueName('odd'), type: 'a\x01b', channelCount: 1, desc })
    await using outlet = new StreamOutlet(info, { engine: from })
    const [found] = await resolveByProp('uid', outlet.info.uid, { timeoutS: 10, engine: to })
    t.equal(found?.type, 'a\x01b')
    await using inlet = new StreamInlet(found!, { engine: to })
    await inlet.open(10)
    t.ok(await outlet.waitForConsumers(10))
    outlet.pushSample([1])
    t.same((await inlet.pullSample(10))?.values, [1])
    t.match(inlet.info.desc.children[0], { name: 'before', text: 'x' })
    // liblsl reads up to the first name that it does not know.
    if (from === 'builtin' && to === 'builtin') t.same(inlet.info.desc.children, desc)
  })

t.test('a name of spaces that are none to XML is a name, one of blanks is refused', async t => {
  for (const engine of ENGINES) {
    for (const name of ['\u00a0', '\u2028', '\u3000\u3000']) {
      const info = new StreamInfo({ name, type: name, channelCount: 1, sourceId: uniqueName('spaces') })
      const outlet = new StreamOutlet(info, { engine })
      t.teardown(() => outlet.close())
      const [found] = await resolveByProp('source_id', info.sourceId, { timeoutS: 10, engine: 'builtin' })
      t.match(found, { name, type: name }, `${engine}, U+${name.charCodeAt(0).toString(16)}`)
    }
  }
  for (const name of [' ', '\t\n '])
    t.throws(() => new StreamInfo({ name, channelCount: 1 }), {
      name: 'RangeError',
      message: /^name must not be blanks/,
    })
})

t.test('numbers with decimal commas do not hide a stream', async t => {
  const name = uniqueName('commas')
  const commas = (xml: string): string => xml.replace(/(\d)\.(\d+<\/(?:nominal_srate|version|created_at)>)/g, '$1,$2')
  await fakeOutlet(t, { fields: { name, nominalSrate: 250 }, serve: socket => socket.destroy(), announce: commas })
  // The C library decides for itself what it reads.
  const [found] = await resolveByProp('name', name, { timeoutS: 10, engine: 'builtin' })
  t.match(found, { name, nominalSrate: 250 })
})

t.test('what could not be read of a description is told', async t => {
  const name = uniqueName('damaged')
  const damaged = (xml: string): string => xml.replace(/<version>[^<]*/, '<version>one')
  await fakeOutlet(t, { fields: { name }, serve: socket => socket.destroy(), announce: damaged })
  const [found] = await resolveByProp('name', name, { timeoutS: 10, engine: 'builtin' })
  t.same(found?.unread, ["version is 'one'"])
})

t.test('a stream that is said to have 2^27 channels costs nobody a thing', async t => {
  const name = uniqueName('wide')
  const wide = (xml: string): string => xml.replace(/<channel_count>\d+/, `<channel_count>${2 ** 27}`)
  await fakeOutlet(t, { fields: { name }, serve: socket => socket.destroy(), announce: wide })
  t.same(await resolveByProp('name', name, { timeoutS: 0.5, engine: 'builtin' }), [])
})
