// A decoder: START sends the band power of the last half second of each channel, with the stamps of its samples, until STOP.
import { DefaultServer, getLogger, moduleArguments, moduleConfig, StreamWatcher } from 'dareplane-utils'
import { derivedInfo, JobOutlet, startJob } from 'dareplane-utils/signal'

const defaults = { stream: '', outlet: 'power', band: [8, 12], window_s: 0.5 }
const { port, ip, kwargs } = moduleArguments()
const config = moduleConfig(new URL('./decoder.toml', import.meta.url), defaults, kwargs)
const watcher = await new StreamWatcher({ name: config.stream }).connectToStream()
// On the network from here on, whether the decoder runs or not: a recorder must see it. Labels and rate are those of the stream.
const power = new JobOutlet(derivedInfo(watcher.share(), { name: config.outlet, type: 'Power' }))
const options = { streams: [watcher], outlets: { power }, config, logger: getLogger('decoder') }
const server = new DefaultServer({ name: 'decoder', port, ip })
// A second START while the job runs is refused.
const start = () => startJob(new URL('./decoder.job.js', import.meta.url), options)
server.pcommandMap.set('START', start, { exclusive: true })
await server.initServer()
await server.startListening()
await Promise.all([power.close(), watcher.disconnect()])
