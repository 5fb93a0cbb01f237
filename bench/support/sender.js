// A process of its own that sends: one outlet per consumer, so that none gets another's load. Told what to do over IPC.
import './loopback.js'
import { localClock, StreamInfo, StreamOutlet } from '../../dist/index.js'
import { allocateSamples } from '../../dist/channel-format.js'

const { names, channels, rate, format } = JSON.parse(process.argv[2])
const stream = { type: 'Bench', channelCount: channels, channelFormat: format, nominalSrate: rate }
const outlets = names.map(name => new StreamOutlet(new StreamInfo({ name, ...stream }), { maxBufferedS: 60 }))
const never = new Int32Array(new SharedArrayBuffer(4))

/** As fast as it can. */
function burst(outlet, frames, chunk) {
  const samples = allocateSamples(format, chunk * channels)
  for (let sent = 0; sent < frames; sent += chunk) outlet.pushChunk(samples)
}

/** One frame a period, stamped with its push. Asleep in between: a spinning sender would take one of two cores. */
function paced(outlet, frames, rate, signal) {
  const sample = allocateSamples(format, channels)
  const startS = localClock()
  for (let sent = 0; sent < frames; sent++) {
    const waitS = startS + sent / rate - localClock()
    if (waitS > 0) Atomics.wait(never, 0, 0, waitS * 1000)
    const stamp = localClock()
    if (signal) fillSignal(sample, sent, stamp)
    outlet.pushSample(sample, stamp)
  }
}

/** For the closed loop: when it was sent, and a signal that rises above 0.5 at every tenth sample. */
function fillSignal(sample, sent, stamp) {
  sample[0] = stamp
  sample[1] = sent % 10 === 9 ? 1 : 0
}

process.on('message', ({ stream, frames, chunk, rate: other = rate, signal }) => {
  const startS = localClock()
  if (chunk === undefined) paced(outlets[stream], frames, other, signal)
  else burst(outlets[stream], frames, chunk)
  process.send({ startS, endS: localClock() })
})
process.on('disconnect', () => process.exit())
process.send('ready')
