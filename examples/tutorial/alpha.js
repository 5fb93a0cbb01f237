// START begins to watch the alpha power, STOP ends it. Both come over TCP.
import { DefaultServer, getLogger, moduleArguments, StreamWatcher } from 'dareplane-utils'
import { JobOutlet, startJob } from 'dareplane-utils/signal'

const { port, ip, kwargs } = moduleArguments()
const config = { stream: 'dareplane-eeg', channel: 4, level: 25, ...kwargs }
const logger = getLogger('alpha', { addConsoleHandler: true })
const watcher = await new StreamWatcher({ name: config.stream, logger }).connectToStream()
// Its own marker stream, on the network before START, so that a recorder can find it.
const markers = new JobOutlet({ name: 'alpha-markers', type: 'Markers', channelCount: 1, channelFormat: 'string' })

const server = new DefaultServer({ name: 'alpha', port, ip, logger })
const job = new URL('./alpha.job.js', import.meta.url)
const start = () => startJob(job, { streams: [watcher], outlets: { markers }, config, logger })
server.pcommandMap.set('START', start, { exclusive: true, description: 'begin to watch the alpha power' })
process.once('SIGINT', () => server.shutdown())
await server.initServer()
// Until Ctrl-C, or until a control room sends CLOSE.
await server.startListening()
await Promise.all([markers.close(), watcher.disconnect()])
