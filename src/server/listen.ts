import type { Server } from 'node:net'
import { listenError } from '../listen-error.js'

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
