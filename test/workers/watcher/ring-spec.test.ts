import t from 'tap'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { allocateRing } from '../../../src/ring/allocate-ring.js'
import { RingReader } from '../../../src/ring/ring-reader.js'
import { ringSpecFor } from '../../../src/workers/watcher/ring-spec.js'

const stream = (nominalSrate: number): StreamInfo =>
  new StreamInfo({ name: 'A', channelCount: 3, nominalSrate, channelFormat: 'int16' })

t.test('the window of a regular stream is its seconds, cut to whole frames as Python does', async t => {
  t.match(ringSpecFor(stream(100), { bufferSizeS: 2 }), {
    frames: 200,
    channels: 3,
    format: 'int16',
    nominalSrate: 100,
  })
  t.equal(ringSpecFor(stream(100), { bufferSizeS: 0.29 }).frames, 28, 'int(28.999999999999996)')
  t.equal(ringSpecFor(stream(512.7), { bufferSizeS: 1 }).frames, 512)
  t.equal(ringSpecFor(stream(1), { bufferSizeS: 0.1 }).frames, 1, 'one at least')
})

t.test('an irregular stream keeps 1000 frames, as Python does', async t => {
  t.match(ringSpecFor(stream(0), { bufferSizeS: 2 }), { frames: 1000, holdFrames: 1000 })
})

t.test('frames that are asked for go before seconds', async t => {
  t.equal(ringSpecFor(stream(100), { bufferSizeS: 2, bufferSamples: 7 }).frames, 7)
  t.equal(ringSpecFor(stream(0), { bufferSizeS: 2, bufferSamples: 7 }).frames, 7)
})

t.test('a borrowed window stays for one window, or as long as asked for', async t => {
  t.equal(ringSpecFor(stream(100), { bufferSizeS: 2 }).holdFrames, 200)
  t.equal(ringSpecFor(stream(100), { bufferSizeS: 2, holdS: 0.5 }).holdFrames, 50)
  t.equal(ringSpecFor(stream(100), { bufferSizeS: 2, holdS: 0 }).holdFrames, 1)
  t.equal(
    ringSpecFor(stream(0), { bufferSizeS: 2, bufferSamples: 9, holdS: 0.5 }).holdFrames,
    9,
    'nobody knows how long',
  )
})

t.test('every specification can be allocated', async t => {
  for (const srate of [0, 0.1, 100, 30_000]) {
    for (const setup of [{ bufferSizeS: 1e-9 }, { bufferSizeS: 10 }, { bufferSizeS: 1, bufferSamples: 1, holdS: 0 }]) {
      const spec = ringSpecFor(stream(srate), setup)
      t.equal(RingReader.attach(allocateRing(spec)).frames, spec.frames)
    }
  }
})
