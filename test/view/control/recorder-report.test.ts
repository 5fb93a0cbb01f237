import t from 'tap'
import { recorderReport } from '../../../src/view/control/recorder-report.js'

t.test('what a recorder tells is read: the file, the disk, and what is missing of each stream', async t => {
  const status = {
    recording: true,
    file: '/data/a.xdf',
    seconds: 3,
    bytes: 10,
    diskFree: 5,
    trouble: 'full',
    streams: [{ name: 'EEG', samples: 7, missing: { inGaps: 2, overwritten: 1 } }],
    absent: [{ name: 'late' }],
  }
  t.same(recorderReport(`${JSON.stringify(status)}\n`), {
    isRecording: true,
    file: '/data/a.xdf',
    seconds: 3,
    bytes: 10,
    diskFree: 5,
    trouble: 'full',
    streams: [{ name: 'EEG', samples: 7, missing: 3 }],
    absent: ['late'],
  })
  t.same(recorderReport('{"recording":false}\n'), { isRecording: false, streams: [], absent: [] })
})

t.test('of a recorder that does not tell, nothing is known', async t => {
  for (const answer of ['OK', 'ERROR unknown command\n', '', 'null\n', '[1]\n', '{"recording":1}\n'])
    t.same(recorderReport(answer), { streams: [], absent: [] }, answer)
  t.same(recorderReport('{"recording":true,"streams":[1,{"name":2,"missing":[]}],"absent":3}'), {
    isRecording: true,
    file: '',
    seconds: 0,
    bytes: 0,
    streams: [{ name: '', samples: 0, missing: 0 }],
    absent: [],
  })
})
