import { once } from 'node:events'
import { mkdirSync, symlinkSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeModule } from '../../dist/commands/new-module/write-module.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What `dareplane new-module` writes, with this package installed. */
export function newModule(name, folder) {
  const files = writeModule(name, folder)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules', 'dareplane-utils'), 'dir')
  return files
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** A connection to what is about to listen there; its greeting is yet to be read. */
export async function untilListening(port) {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    try {
      await once(socket, 'connect')
      return socket.on('error', () => undefined)
    } catch (error) {
      if (error.code !== 'ECONNREFUSED') throw error
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
}
