// The log server, on a port that stays the same.
import { LogRecordSocketReceiver } from '../../../src/index.js'
import { ownFigures } from './own-figures.js'

const { port, logfile } = JSON.parse(process.argv[2])
const receiver = new LogRecordSocketReceiver({ port, logfile })
receiver.once('listening', () => process.send({ port: receiver.port }))
process.on('message', ({ ask }) => ask === 'figures' && process.send({ figures: ownFigures() }))
process.once('SIGTERM', () => void receiver.close())
process.once('disconnect', () => void receiver.close())
await receiver.serveUntilStopped()
process.exit()
