// A log server in a process of its own. Arguments: 'ours' | 'raw' (the bytes of each client, unread, into the file), logfile.
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { LogRecordSocketReceiver } from '../dist/logging/receiver/log-record-socket-receiver.js'

const [kind, logfile] = process.argv.slice(2)
if (kind === 'ours') {
  const receiver = new LogRecordSocketReceiver({ port: 0, logfile })
  receiver.once('listening', () => process.send(receiver.port))
  await receiver.serveUntilStopped()
} else {
  const server = createServer({ allowHalfOpen: true }, socket => {
    // Closed when all of it is in the file, as ours is.
    const file = createWriteStream(logfile, { flags: 'a' })
    socket.pipe(file)
    file.on('close', () => socket.end())
  })
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
}
