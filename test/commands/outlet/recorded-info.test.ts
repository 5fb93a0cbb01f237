import t from 'tap'
import { bufferForAll, recordedInfo } from '../../../src/commands/outlet/recorded-info.js'
import { xmlElement } from '../../../src/lsl/xml.js'
import type { XdfStream } from '../../../src/xdf/read-xdf.js'

const channel = xmlElement('channel', [xmlElement('label', 'C3'), xmlElement('unit', 'microvolts')])
const stream: XdfStream = {
  id: 4,
  headerXml: '<?xml version="1.0"?><info><name>S</name><uid>old</uid><hostname>there</hostname></info>',
  desc: xmlElement('desc', [xmlElement('channels', [channel]), xmlElement('amp', 'X & Y')]),
  name: 'S',
  type: 'EEG',
  sourceId: 'amp 1',
  channelCount: 1,
  nominalSrate: 100,
  channelFormat: 'float32',
  samples: new Float32Array(3),
  times: new Float64Array(3),
  clockOffsets: [],
}

t.test('a recorded stream is announced with its fields and metadata, and a life of its own', async t => {
  const info = recordedInfo(stream)
  t.match(info, {
    name: 'S',
    type: 'EEG',
    sourceId: 'amp 1',
    channelCount: 1,
    nominalSrate: 100,
    channelFormat: 'float32',
  })
  t.same(info.channelNames, ['C3'])
  t.equal(info.desc.children.find(({ name }) => name === 'amp')?.text, 'X & Y')
  t.equal(info.uid, '', 'the outlet gives it one')
  t.not(info.hostname, 'there')
})

t.test('what a recording leaves out has a value that makes a stream', async t => {
  const info = recordedInfo({ ...stream, name: '', sourceId: '', desc: xmlElement('desc') })
  t.equal(info.name, 'stream 4')
  t.not(info.sourceId, '', 'so that it is recognised when it is replayed again')
})

t.test('the outlet has room for the whole stream, in seconds or in hundreds of samples', async t => {
  t.equal(bufferForAll(stream), 60)
  const times = new Float64Array(100_000)
  t.ok(bufferForAll({ ...stream, times }) * 100 >= 100_000)
  t.ok(bufferForAll({ ...stream, times, nominalSrate: 0 }) * 100 >= 100_000)
})
