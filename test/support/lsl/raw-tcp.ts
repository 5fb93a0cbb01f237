import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** Sends `request` to a port of this machine and answers what came back until `bytes` of it are there or the peer closed. */
export async function ask(port: number, request: string | Uint8Array, bytes = Infinity): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1')
  socket.write(request)
  try {
    return await receive(socket, bytes)
  } finally {
    socket.destroy()
  }
}

/** The next bytes of a socket, at least `bytes` of them or all until its end. */
function receive(socket: Socket, bytes = Infinity): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let count = 0
    const finish = (): void => {
      socket.off('data', hear)
      resolve(Buffer.concat(parts))
    }
    const hear = (part: Buffer): void => {
      parts.push(part)
      count += part.byteLength
      if (count >= bytes) finish()
    }
    socket.on('data', hear)
    socket.once('end', finish)
    socket.once('error', reject)
  })
}
