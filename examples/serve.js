import { DefaultServer, StreamWatcher } from 'dareplane-utils'
import { startJob } from 'dareplane-utils/signal'

const [name = 'dareplane-eeg', port = '8080'] = process.argv.slice(2)
const watcher = await new StreamWatcher({ name }).connectToStream()
const server = new DefaultServer({ name: 'power', port: Number(port) })
const job = new URL('./power.job.js', import.meta.url)
// START|{"channel": 2}; over TCP starts a thread. STOP; ends it, CLOSE; ends the module.
server.pcommandMap.set('START', ({ channel = 0 }) => startJob(job, { streams: [watcher], config: { channel } }))
await server.initServer()
console.log(`listening on ${server.port}`)
await server.startListening()
await watcher.disconnect()
