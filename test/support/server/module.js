import { once } from 'node:events'
import { mkdirSync, symlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { writeModule } from '../../../src/commands/new-module/write-module.js'
import { projectFolder } from '../project.js'

/** What `dareplane new-module` writes, with this package installed. */
export function newModule(name, folder) {
  const files = writeModule(name, folder)
  mkdirSync(join(folder, 'node_modules'))
  // A junction is what Windows lets anybody make.
  symlinkSync(projectFolder, join(folder, 'node_modules', 'dareplane-utils'), 'junction')
  return files
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
