import t from 'tap'
import { nearestName } from '../src/nearest-name.js'

const STREAM = ['name', 'type', 'channelCount', 'nominalSrate', 'channelFormat', 'sourceId', 'channels', 'desc']

t.test('the words of pylsl are understood', async t => {
  for (const [word, meant] of [
    ['srate', 'nominalSrate'],
    ['nominal_srate', 'nominalSrate'],
    ['channel_count', 'channelCount'],
    ['n_channels', 'channelCount'],
    ['channel_format', 'channelFormat'],
    ['dtype', 'channelFormat'],
    ['stype', 'type'],
    ['channelNames', 'channels'],
    ['ch_names', 'channels'],
    ['source_id', 'sourceId'],
  ] as const)
    t.equal(nearestName(word, STREAM), meant)
  t.equal(nearestName('max_buflen', ['queueFrames', 'recover']), 'queueFrames')
  t.equal(nearestName('host', ['port', 'ip']), 'ip')
  t.equal(nearestName('ip', ['port', 'host']), 'host')
})

t.test('a slip of the finger is forgiven, another word is not guessed at', async t => {
  t.equal(nearestName('chanelCount', STREAM), 'channelCount')
  t.equal(nearestName('nominalSrte', STREAM), 'nominalSrate')
  t.equal(nearestName('tpye', STREAM), 'type')
  t.equal(nearestName('prot', ['host', 'port']), 'port')
  t.equal(nearestName('soruceId', STREAM), 'sourceId')
  t.equal(nearestName('typ', STREAM), 'type')
  t.equal(nearestName('colour', STREAM), undefined)
  t.equal(nearestName('', STREAM), undefined)
  t.equal(nearestName('constructor', STREAM), undefined)
})
