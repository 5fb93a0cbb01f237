import { getLogger, LogRecordSocketReceiver } from 'dareplane-utils'

const [port = '9020', logfile = 'experiment.log'] = process.argv.slice(2)
// Where all modules log to, Python's too. `npx dareplane logserver` is the same in a process of its own.
const receiver = new LogRecordSocketReceiver({ port: Number(port), logfile, console: true })
const stopped = receiver.serveUntilStopped()
receiver.on('record', ({ levelname }) => {
  if (levelname === 'ERROR') void receiver.close()
})

// Logging never waits for the network.
const logger = getLogger('my-module', { level: 'debug', port: Number(port) })
logger.info({ trial: 3 }, 'stimulus shown')
logger.error(new Error('the amplifier does not answer'), 'no data')
await stopped
