import { DefaultServer, startWorkerJob, StreamWatcher } from 'dareplane-utils'

const [name = 'dareplane-eeg', port = '8080'] = process.argv.slice(2)
const watcher = await new StreamWatcher({ name }).connectToStream()
const server = new DefaultServer({ name: 'power', port: Number(port) })

// START|{"channel": 2}; over TCP starts a thread that reads the watcher's memory; STOP; stops it, CLOSE; ends all.
server.pcommandMap.set('START', ({ channel = 0 }) =>
  startWorkerJob(new URL('./power.job.js', import.meta.url), { kwargs: { channel }, rings: [watcher.share()] }),
)
await server.initServer()
console.log(`listening on ${server.port}`)
await server.startListening()
await watcher.disconnect()
