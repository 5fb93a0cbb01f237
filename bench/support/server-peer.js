// Programs that serve commands, each in a process of its own: ours, Python's, and the least that a Node server can do.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** The interpreter that has dareplane_utils, or undefined. */
export function pythonPeer() {
  const python = process.env.INTEROP_PYTHON ?? join(root, '.venv', 'bin', 'python')
  return existsSync(python) ? python : undefined
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** Starts a program of bench/support that serves on the port it is given; `lines` counts what it prints. */
export async function startPeer(label, command, file, ...args) {
  const port = await freePort()
  const child = spawn(command, [join(import.meta.dirname, file), String(port), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', text => (said += text))
  const line = async () => {
    while (!said.includes('\n')) await once(child.stdout, 'data')
    const end = said.indexOf('\n')
    const text = said.slice(0, end)
    said = said.slice(end + 1)
    return text
  }
  await line()
  const stop = async () => {
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  const ask = text => {
    child.stdin.write(`${text}\n`)
    return line()
  }
  return { label, port, line, ask, stop }
}

/** A client whose greeting, if there is one, has been read. */
export async function greeted(port, hasGreeting = true) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, hasGreeting ? 'data' : 'connect')
  return socket
}
