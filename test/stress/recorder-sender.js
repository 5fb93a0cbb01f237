// Sends numbered samples on many streams at their rate, until its parent goes: node recorder-sender.js SETUP, in JSON.
import { join } from 'node:path'
import { loopbackFolder } from '../support/project.js'

process.env.LSLAPICFG = join(loopbackFolder, 'lsl_api.cfg')
const { StreamInfo, StreamOutlet, localClock } = await import('../../src/index.js')
const { allocateSamples } = await import('../../src/channel-format.js')

const { type, count, channels, rate, format } = JSON.parse(process.argv[2])
const PERIOD_S = 0.01
const FRAMES = rate * PERIOD_S
/** Every number up to it is exact in each format. */
const NUMBERS = 2 ** 15
const outlets = Array.from({ length: count }, (_, i) => {
  const info = new StreamInfo({ name: `${type}-${i}`, type, channelCount: channels, nominalSrate: rate, channelFormat: format }) // prettier-ignore
  return new StreamOutlet(info, { engine: 'builtin' })
})
process.send('ready')
await Promise.all(outlets.map(outlet => outlet.waitForConsumers(60)))
const chunk = allocateSamples(format, FRAMES * channels)
const startS = localClock()
let sent = 0
setInterval(() => {
  while (sent < (localClock() - startS) * rate) {
    for (let frame = 0; frame < FRAMES; frame++)
      chunk.fill((sent + frame) % NUMBERS, frame * channels, (frame + 1) * channels)
    const stamps = Float64Array.from({ length: FRAMES }, (_, frame) => startS + (sent + frame) / rate)
    for (const outlet of outlets) outlet.pushChunk(chunk, stamps)
    sent += FRAMES
  }
}, PERIOD_S * 1000)
process.on('disconnect', () => process.exit())
