import { hostname } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { CHANNEL_FORMATS } from '../../src/channel-format.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { xmlElement } from '../../src/lsl/xml.js'

t.test('the smallest description has the defaults of LSL', async t => {
  const info = new StreamInfo({ name: 'EEG', channelCount: 2 })
  t.match(info, {
    name: 'EEG',
    type: '',
    channelCount: 2,
    nominalSrate: 0,
    channelFormat: 'float32',
    uid: '',
    createdAt: 0,
    sessionId: 'default',
    hostname: hostname(),
  })
  t.same(info.channelNames, ['ch_1', 'ch_2'])
  t.same(info.channelUnits, ['', ''])
  t.same(info.channelTypes, ['', ''])
  t.strictSame(info.desc, xmlElement('desc', []))
})

t.test(
  'without a source id it has one that a restart of the same script repeats, and another stream does not',
  async t => {
    const sourceId = (options: object): string => new StreamInfo({ name: 'A', channelCount: 1, ...options }).sourceId
    t.match(sourceId({}), /^[0-9a-f]{20}$/)
    t.equal(sourceId({}), sourceId({}))
    const others = [{ name: 'B' }, { type: 'EEG' }, { channelCount: 2 }, { nominalSrate: 1 }, { channelFormat: 'int8' }]
    t.equal(new Set([{}, ...others].map(sourceId)).size, others.length + 1)
    t.equal(sourceId({ sourceId: '' }), '', 'none when none is wanted')
  },
)

t.test("'float64', as NumPy says, is LSL's double64", async t => {
  t.equal(new StreamInfo({ name: 'A', channelCount: 1, channelFormat: 'float64' }).channelFormat, 'double64')
})

t.test('a mistake is an error that names the option and shows the value', async t => {
  const make = (options: object) => () => new StreamInfo({ name: 'A', channelCount: 1, ...options })
  t.throws(make({ name: '' }), { name: 'TypeError', message: /^name .*""/ })
  t.throws(make({ name: 5 }), { name: 'TypeError', message: /^name .*5/ })
  t.throws(make({ channelCount: 0 }), { name: 'RangeError', message: /^channelCount .*0/ })
  t.throws(make({ channelCount: 1.5 }), { name: 'RangeError', message: /^channelCount .*1\.5/ })
  t.throws(make({ nominalSrate: -1 }), { name: 'RangeError', message: /^nominalSrate .*-1/ })
  t.throws(make({ nominalSrate: NaN }), { name: 'RangeError', message: /^nominalSrate .*NaN/ })
  t.throws(make({ channelFormat: 'uint8' }), { name: 'RangeError', message: /^channelFormat .*uint8/ })
})

t.test(
  'labels, units and types are those of the channels, and stand in the tree as every LSL program looks for them',
  async t => {
    const channels = [{ label: 'Fp1', unit: 'microvolts', type: 'EEG' }, { label: 'TRIG' }]
    const info = new StreamInfo({ name: 'A', channelCount: 2, channels, desc: [xmlElement('manufacturer', 'X & Y')] })
    t.same(info.channelNames, ['Fp1', 'TRIG'])
    t.same(info.channelUnits, ['microvolts', ''])
    t.same(info.channelTypes, ['EEG', ''])
    t.match(
      info.asXml(),
      '<desc><channels><channel><label>Fp1</label><unit>microvolts</unit><type>EEG</type></channel>' +
        '<channel><label>TRIG</label></channel></channels><manufacturer>X &amp; Y</manufacturer></desc>',
    )
  },
)

t.test('fewer labels than channels are filled up, more are ignored', async t => {
  const named = (labels: number): readonly string[] => {
    const channels = Array.from({ length: labels }, (_, i) => ({ label: `L${i}` }))
    return new StreamInfo({ name: 'A', channelCount: 3, channels }).channelNames
  }
  t.same(named(1), ['L0', 'ch_2', 'ch_3'])
  t.same(named(5), ['L0', 'L1', 'L2'])
  t.same(named(0), ['ch_1', 'ch_2', 'ch_3'])
})

t.test('a document has every number that liblsl insists on, printed as liblsl prints it', async t => {
  const xml = new StreamInfo({ name: 'A', channelCount: 1, nominalSrate: 100 }).asXml()
  t.match(xml, /^<\?xml version="1.0"\?>\n<info>/)
  t.match(xml, '<nominal_srate>100.0000000000000</nominal_srate><version>1.100000000000000</version>')
  for (const port of ['v4data', 'v4service', 'v6data', 'v6service']) t.match(xml, `<${port}_port>0</${port}_port>`)
})

const word = fc.stringMatching(/^[\w äöü&<>"'µ/-]{1,20}$/).filter(text => text.trim() !== '')
const description = fc.record({
  name: word,
  type: fc.oneof(fc.constant(''), word),
  channelCount: fc.integer({ min: 1, max: 64 }),
  nominalSrate: fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e6, noNaN: true })),
  channelFormat: fc.constantFrom(...CHANNEL_FORMATS),
  sourceId: fc.oneof(fc.constant(''), word),
  channels: fc.array(fc.record({ label: word, unit: word, type: word }), { maxLength: 4 }),
  desc: fc.array(
    fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), word).map(([name, text]) => xmlElement(name, text)),
    { maxLength: 3 },
  ),
})

t.test('any description survives its own document', async t => {
  fc.assert(
    fc.property(description, options => {
      const info = new StreamInfo(options)
      const back = StreamInfo.fromXml(info.asXml())
      const srate = { nominalSrate: Number(info.nominalSrate.toPrecision(16)) }
      const same = isDeepStrictEqual(back.fields, { ...info.fields, ...srate })
      // Its plain fields, which cross threads, too.
      return same && new StreamInfo(back.fields).asXml() === back.asXml()
    }),
    { numRuns: 200 },
  )
  t.pass('200 descriptions')
})

t.test('what is no description is ERR_STREAM_INVALID with the reason', async t => {
  t.throws(() => StreamInfo.fromXml('<html/>'), { code: 'ERR_STREAM_INVALID', message: /<html>/ })
})

t.test('in a message it says what tells it from others', async t => {
  const info = new StreamInfo({
    name: 'A',
    type: 'EEG',
    channelCount: 8,
    nominalSrate: 512,
    sourceId: 's1',
    hostname: 'lab',
  })
  t.equal(String(info), "'A' (EEG, 8 x float32, 512 Hz, s1, lab)")
  const bare = new StreamInfo({ name: 'M', channelCount: 1, channelFormat: 'string', sourceId: '', hostname: 'lab' })
  t.equal(String(bare), "'M' (no type, 1 x string, irregular, no source id, lab)")
})

t.test(
  'what XML cannot hold is refused where it is given, and control characters are written as liblsl does',
  async t => {
    const make = (options: object) => () => new StreamInfo({ name: 'A', channelCount: 1, ...options })
    for (const text of ['a\0b', 'half \uD83D of it']) {
      t.throws(make({ name: text }), {
        name: 'RangeError',
        message: /^name must be text without NUL or half characters/,
      })
      t.throws(make({ desc: [xmlElement('a', text)] }), { name: 'RangeError', message: /^desc.<a> must be text/ })
    }
    t.throws(make({ desc: [xmlElement('a<b')] }), { message: /^desc.name must be a name that XML can hold, got "a<b"/ })
    t.throws(make({ desc: [xmlElement('a', '', { '': 'x' })] }), { message: /must be a name/ })
    let deep = xmlElement('a')
    for (let depth = 0; depth < 300; depth++) deep = xmlElement('a', [deep])
    t.throws(make({ desc: [deep] }), { name: 'RangeError', message: /at most 256 elements inside each other/ })
    const info = new StreamInfo({
      name: 'a\x01',
      channelCount: 1,
      desc: [xmlElement('1', 'x'), xmlElement('my channel')],
    })
    t.match(info.asXml(), '<name>a&#01;</name>')
    t.same(StreamInfo.fromXml(info.asXml()).fields, info.fields)
  },
)

t.test('an option that does not exist is refused, with the one that was meant', async t => {
  const make = (options: object) => () => new StreamInfo({ name: 'A', channelCount: 1, ...options })
  t.throws(make({ channelNames: ['C3'] }), {
    name: 'TypeError',
    message: /unknown option 'channelNames', did you mean 'channels'/,
  })
  t.throws(make({ nominal_srate: 100 }), { message: /did you mean 'nominalSrate'/ })
  t.throws(make({ channels: [{ lable: 'C3' }] }), {
    message: /unknown option 'channels\[0\].lable'/,
  })
})

t.test('in a message no name of a stream moves a cursor', async t => {
  const info = new StreamInfo({ name: 'a\x1b[2J', type: '\x9b', channelCount: 1, sourceId: 'b\u202e\r' })
  t.notMatch(info.toString(), /[\x00-\x1f\x7f-\x9f\u202e]/)
  t.match(info.toString(), "'a\\x1b[2J' (\\x9b, 1 x float32, irregular, b\\u202e\\r,")
})
