// A process of its own that sends: one outlet per consumer, so that none gets another's load. Told what to do over IPC.
import './loopback.js'
import { localClock, StreamInfo, StreamOutlet } from '../../dist/index.js'
import { pace } from '../../dist/commands/outlet/pace.js'

const { names, channels, rate } = JSON.parse(process.argv[2])
const outlets = names.map(name => {
  const info = new StreamInfo({ name, type: 'Bench', channelCount: channels, nominalSrate: rate })
  return new StreamOutlet(info, { maxBufferedS: 60 })
})

/** As fast as it can. */
function burst(outlet, frames, chunk) {
  const samples = new Float32Array(chunk * channels)
  for (let sent = 0; sent < frames; sent += chunk) outlet.pushChunk(samples)
}

/** One frame a period, stamped with its push. */
async function paced(outlet, frames) {
  const samples = new Float32Array(channels)
  let sent = 0
  const nextDueS = () => (sent < frames ? sent / rate : undefined)
  const act = () => {
    sent++
    outlet.pushSample(samples, localClock())
  }
  await pace({ nextDueS, act })
}

process.on('message', async ({ stream, frames, chunk }) => {
  const startS = localClock()
  if (chunk === undefined) await paced(outlets[stream], frames)
  else burst(outlets[stream], frames, chunk)
  process.send({ startS, endS: localClock() })
})
process.on('disconnect', () => process.exit())
process.send('ready')
