// Baseline: split at semicolons and Map lookup on the same bytes, in a bare Node server.
import { greeted, pythonPeer, startPeer } from './support/server-peer.js'

const WITH_PAYLOAD = 'COUNT|{"a":1};'
const COMMANDS = { full: 50_000, quick: 10_000 }

/** Every client sends its share and a TELL, which is run last; Python serves one client after the other. */
function contender(peer, { command, clients, commands, hasGreeting, oneByOne }) {
  const share = Math.floor(commands / clients)
  const bytes = command.repeat(share) + 'TELL;'
  const send = async () => {
    const socket = await greeted(peer.port, hasGreeting)
    socket.write(bytes)
    return socket
  }
  const measure = async () => {
    const started = performance.now()
    if (oneByOne) {
      for (let i = 0; i < clients; i++) {
        const socket = await send()
        await peer.line()
        socket.destroy()
      }
    } else {
      const sockets = await Promise.all(Array.from({ length: clients }, send))
      for (let i = 0; i < clients; i++) await peer.line()
      for (const socket of sockets) socket.destroy()
    }
    return [((performance.now() - started) * 1e6) / (share * clients)]
  }
  return { label: peer.label, measure }
}

async function throughputCase(clients, commands, command = WITH_PAYLOAD) {
  const python = pythonPeer()
  const ours = await startPeer('DefaultServer', process.execPath, 'server-ours.js')
  const theirs = python && (await startPeer("Python's DefaultServer", python, 'server_python.py'))
  const bare = await startPeer('bare Node server', process.execPath, 'server-bare.js')
  return {
    name: `${clients} clients, ${commands} pipelined commands ${command}`,
    unit: 'ns/command',
    contenders: [
      contender(ours, { command, clients, commands, hasGreeting: true }),
      ...(theirs ? [contender(theirs, { command, clients, commands, hasGreeting: true, oneByOne: true })] : []),
      contender(bare, { command, clients, commands, hasGreeting: false }),
    ],
    note: medians => medians.map(ns => `${(1e6 / ns).toFixed(0)} k commands/s`).join(', '),
    close: () => Promise.all([ours, theirs, bare].map(peer => peer?.stop())),
  }
}

export default {
  id: 'server-throughput',
  about: 'commands through framing, JSON, table and handler, from another process',
  async *cases({ quick }) {
    const commands = COMMANDS[quick ? 'quick' : 'full']
    for (const clients of quick ? [1, 8] : [1, 8, 64]) yield throughputCase(clients, commands)
    // What the JSON of a payload takes is the difference.
    yield throughputCase(1, commands, 'COUNT;')
  },
}
