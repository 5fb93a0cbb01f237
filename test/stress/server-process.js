import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { childEnvironment } from '../support/child.js'
import { fixture } from '../support/project.js'

/** Starts a program of test/fixtures that says { port }; `ask` gets what it says under that name, `end()` ends it. */
export async function startProgram(name, options = {}, execArgv = []) {
  const child = fork(fixture(name), [JSON.stringify(options)], {
    execArgv: ['--expose-gc', ...execArgv],
    env: childEnvironment(),
  })
  const [{ port }] = await once(child, 'message')
  const ask = async (what, cause = () => child.send(what)) => {
    const said = once(child, 'message')
    cause()
    const [message] = await said
    return message[what]
  }
  /** What it uses, after it has collected its garbage. */
  const stats = () => {
    child.send('gc')
    return ask('stats')
  }
  const end = async () => {
    const exited = once(child, 'exit')
    child.disconnect()
    await exited
  }
  return { port, child, ask, stats, end }
}

/** A connected socket; `greeted` when its greeting is read. */
export async function client(port, { greeted = true } = {}) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  if (greeted) await once(socket, 'data')
  return socket
}

/** Sends `bytes` `count` times, each after the answer to the one before, and sorts how long the answers took, in ms. */
export async function roundTrips(socket, bytes, count, pauseMs = 0) {
  const times = []
  for (let i = 0; i < count; i++) {
    const answered = once(socket, 'data')
    const started = performance.now()
    socket.write(bytes)
    await answered
    times.push(performance.now() - started)
    if (pauseMs > 0) await new Promise(resolve => setTimeout(resolve, pauseMs))
  }
  return times.sort((a, b) => a - b)
}

/** The value below which `share` of the sorted values lie. */
export function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

export const megabytes = bytes => Math.round(bytes / 1e6)
