import type { Server } from 'node:net'
import { DareplaneError, errorCode } from '../errors.js'

/** How many clients may wait to be accepted. */
const BACKLOG = 128

/** Takes the port. Rejects with ERR_PORT_IN_USE when another process has it, with ERR_LISTEN when it cannot be had. */
export function listen(net: Server, ip: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(listenError(error, ip, port))
    net.once('error', onError)
    net.listen({ port, host: ip, backlog: BACKLOG }, () => {
      net.off('error', onError)
      resolve()
    })
  })
}

function listenError(error: Error, ip: string, port: number): DareplaneError {
  const code = errorCode(error)
  if (code === 'EADDRINUSE') {
    const message = `port ${port} of ${ip} is in use by another process; stop it or choose another port`
    return new DareplaneError('ERR_PORT_IN_USE', message, { cause: error })
  }
  return new DareplaneError('ERR_LISTEN', `cannot listen on ${ip}:${port}: ${error.message}`, { cause: error })
}
