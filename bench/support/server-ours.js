// Our server: COUNT counts, TELL says so on the standard output. Further arguments are streams to watch meanwhile.
import './loopback.js'
import { pino } from 'pino'
import { DefaultServer, StreamWatcher } from '../../dist/index.js'

const [port, ...names] = process.argv.slice(2)
const logger = pino({ level: 'warn' }, process.stderr)
for (const name of names) await new StreamWatcher({ name, logger }).connectToStream({ timeoutS: 20 })
let count = 0
const server = new DefaultServer({ port: Number(port), logger })
server.pcommandMap.set('COUNT', () => ++count)
server.pcommandMap.set('TELL', () => void process.stdout.write('told\n'))
await server.initServer()
process.stdout.write('ready\n')
await server.startListening()
