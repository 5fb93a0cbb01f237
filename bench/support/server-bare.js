// The limit: split the bytes at semicolons, look each name up, call. No framing across packets, no checks, no order.
import { createServer } from 'node:net'

let count = 0
const table = new Map([
  ['COUNT', () => ++count],
  ['TELL', () => process.stdout.write('told\n')],
])
createServer({ noDelay: true }, socket => {
  let tail = ''
  socket.setEncoding('latin1')
  socket.on('error', () => undefined)
  socket.on('data', bytes => {
    const pieces = (tail + bytes).split(';')
    tail = pieces.pop()
    for (const piece of pieces) {
      if (piece === 'UP') socket.write('1')
      else table.get(piece.split('|', 1)[0])?.()
    }
  })
}).listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'))
