// Sends on every stream at its rate, in chunks of 10 ms, the first channel counting samples, until the parent goes.
import './loopback.js'
import { allocateSamples } from '../../dist/channel-format.js'
import { StreamInfo, StreamOutlet } from '../../dist/index.js'

const { prefix, count, channels, rate, format = 'float32' } = JSON.parse(process.argv[2])
const PERIOD_S = 0.01
const FRAMES = Math.round(rate * PERIOD_S)
/** float32 counts exactly to 2^24: longer than any bench. int16 begins anew. */
let sent = 0
const outlets = Array.from({ length: count }, (_, i) => {
  const name = `${prefix}-${i}`
  return new StreamOutlet(
    new StreamInfo({ name, type: 'Bench', channelCount: channels, nominalSrate: rate, channelFormat: format, sourceId: name }), // prettier-ignore
  )
})
const chunk = allocateSamples(format, FRAMES * channels)
const startMs = performance.now()
setInterval(() => {
  while (sent < ((performance.now() - startMs) * rate) / 1000) {
    for (let frame = 0; frame < FRAMES; frame++) chunk[frame * channels] = sent++
    for (const outlet of outlets) outlet.pushChunk(chunk)
  }
}, PERIOD_S * 1000)
process.on('disconnect', () => process.exit())
process.send('ready')
