// Processes that the log benches measure against, and the Python interpreter that some of them need.
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const venv = join(root, '.venv', 'bin', 'python')

/** INTEROP_PYTHON, else the one of `npm run test:interop`, else undefined: the benches then do without Python. */
export const python = process.env.INTEROP_PYTHON || (existsSync(venv) ? venv : undefined)

/** A log server of ours or a raw one, in a process of its own. */
export async function logServer(kind, logfile) {
  const child = fork(join(root, 'bench', 'log-server.js'), [kind, logfile])
  const [port] = await once(child, 'message')
  return { child, port }
}

/** Python with what dareplane_utils needs; `lines()` answers its next line of output. */
export function pythonPeer(...args) {
  const child = spawn(python, [join(import.meta.dirname, 'log_peer.py'), ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  let text = ''
  const waiting = []
  child.stdout.on('data', chunk => {
    text += chunk
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      waiting.shift()?.(text.slice(0, end))
      text = text.slice(end + 1)
    }
  })
  return { child, line: () => new Promise(resolve => waiting.push(resolve)) }
}

/** Python's log server. */
export async function pythonServer(logfile) {
  const { child, line } = pythonPeer('receive', logfile)
  return { child, port: Number(await line()) }
}

/** A port where nobody listens. */
export async function closedPort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
