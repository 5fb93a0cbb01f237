import fc from 'fast-check'
import t from 'tap'
import { parseStreamInfo } from '../../src/lsl/parse-stream-info.js'

/** As liblsl 1.17 writes it, tabs and all. */
const DOCUMENT = `<?xml version="1.0"?>
<info>
\t<name>BioSemi</name>
\t<type>EEG</type>
\t<channel_count>8</channel_count>
\t<channel_format>float32</channel_format>
\t<source_id>sdfwerr32432</source_id>
\t<nominal_srate>100.0000000000000</nominal_srate>
\t<version>1.100000000000000</version>
\t<created_at>2345.678901234567</created_at>
\t<uid>5ed41db1-b0a4-4cd5-8d92-5b5b4e6e1f3f</uid>
\t<session_id>default</session_id>
\t<hostname>lab</hostname>
\t<v4address />
\t<v4data_port>16572</v4data_port>
\t<v4service_port>16573</v4service_port>
\t<v6address />
\t<v6data_port>0</v6data_port>
\t<v6service_port>0</v6service_port>
\t<desc />
</info>
`

const without = (name: string): string => DOCUMENT.replace(new RegExp(`\t<${name}>.*\n`), '')
const withValue = (name: string, value: string): string =>
  DOCUMENT.replace(new RegExp(`(<${name}>).*(</${name}>)`), `$1${value}$2`)

t.test('a document of liblsl gives all its fields', async t => {
  t.strictSame(parseStreamInfo(DOCUMENT), {
    fields: {
      name: 'BioSemi',
      type: 'EEG',
      channelCount: 8,
      nominalSrate: 100,
      channelFormat: 'float32',
      sourceId: 'sdfwerr32432',
      version: 1.1,
      createdAt: 2345.678901234567,
      uid: '5ed41db1-b0a4-4cd5-8d92-5b5b4e6e1f3f',
      sessionId: 'default',
      hostname: 'lab',
      v4address: '',
      v4dataPort: 16572,
      v4servicePort: 16573,
      v6address: '',
      v6dataPort: 0,
      v6servicePort: 0,
      desc: [],
    },
  })
})

t.test('texts may be missing, and elements that nobody knows may be there', async t => {
  t.match(parseStreamInfo(without('source_id')), { fields: { sourceId: '' } })
  t.match(parseStreamInfo(without('hostname').replace('<desc />', '<later>1</later><desc/>')), {
    fields: { hostname: '' },
  })
})

t.test('what receiving does not need may be damaged: it is at its default, and that is told', async t => {
  for (const [xml, fields] of [
    [without('v6data_port'), { v6dataPort: 0, unread: ["v6data_port is ''"] }],
    [withValue('v4data_port', '65536'), { v4dataPort: 0, unread: ["v4data_port is '65536'"] }],
    [withValue('version', '0'), { version: 1.1, unread: ["version is '0'"] }],
    [withValue('created_at', 'x'), { createdAt: 0, unread: ["created_at is 'x'"] }],
    [DOCUMENT.replace('<desc />', '<desc><a>1</desc>'), { unread: ['metadata: <a> is not closed'] }],
  ] as const)
    t.match(parseStreamInfo(xml), { fields: { name: 'BioSemi', ...fields } })
})

t.test('decimal commas are decimal points', async t => {
  const xml = withValue('nominal_srate', '512,5').replace('1.100000000000000', '1,1').replace('2345.678', '2345,678')
  t.match(parseStreamInfo(xml), { fields: { nominalSrate: 512.5, version: 1.1, createdAt: 2345.678901234567 } })
})

t.test('elements whose names XML does not have are metadata like others', async t => {
  const xml = DOCUMENT.replace('<desc />', '<desc><1>a</1><my channel>b</my channel></desc>')
  t.match(parseStreamInfo(xml), {
    fields: {
      desc: [
        { name: '1', text: 'a' },
        { name: 'my channel', text: 'b' },
      ],
    },
  })
})

for (const [xml, reason] of [
  [withValue('channel_count', '-1'), /^channel_count is '-1'$/],
  [withValue('channel_count', 'eight'), /^channel_count is 'eight'$/],
  [withValue('nominal_srate', '-0.5'), /^nominal_srate is '-0.5'$/],
  [withValue('nominal_srate', 'Infinity'), /^nominal_srate is 'Infinity'$/],
  [withValue('channel_format', 'undefined'), /^channel_format is 'undefined'$/],
  [withValue('name', ''), /^name is ''$/],
  ['<desc/>', /<desc>.*<info>/],
  [
    withValue('channel_count', 'x').replace('<nominal_srate>1', '<nominal_srate>x'),
    /^channel_count is 'x', nominal_srate is .*$/,
  ],
] as const) {
  t.test(`a document is refused because ${reason.source}`, async t => {
    t.match(parseStreamInfo(xml), { reason })
  })
}

t.test('no document, however damaged, throws', async t => {
  const damaged = fc.tuple(fc.nat(DOCUMENT.length), fc.nat(40), fc.string({ unit: 'binary', maxLength: 20 }))
  fc.assert(
    fc.property(damaged, ([at, cut, insert]) => {
      const result = parseStreamInfo(DOCUMENT.slice(0, at) + insert + DOCUMENT.slice(at + cut))
      return 'fields' in result ? result.fields.name !== '' && result.fields.channelCount >= 1 : result.reason !== ''
    }),
    { numRuns: 500 },
  )
  fc.assert(fc.property(fc.string({ unit: 'binary' }), garbage => 'reason' in parseStreamInfo(garbage)))
  t.pass('600 documents')
})
