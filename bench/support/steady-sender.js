// Sends on every stream at its rate, in chunks of 10 ms, until the parent goes.
import './loopback.js'
import { StreamInfo, StreamOutlet } from '../../dist/index.js'

const { names, channels, rate } = JSON.parse(process.argv[2])
const outlets = names.map(
  name => new StreamOutlet(new StreamInfo({ name, type: 'Bench', channelCount: channels, nominalSrate: rate })),
)
const chunk = Float32Array.from({ length: Math.round(rate / 100) * channels }, Math.random)
setInterval(() => {
  for (const outlet of outlets) outlet.pushChunk(chunk)
}, 10)
process.on('disconnect', () => process.exit())
process.send('ready')
