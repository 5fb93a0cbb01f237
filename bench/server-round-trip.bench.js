// Baseline: the same question to a bare Node server. What UP takes beyond it is ours.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { greeted, pythonPeer, startPeer } from './support/server-peer.js'

const TRIPS = 1000
const STREAMS = { count: 8, channels: 64, rate: 2000 }

async function contender({ label, port }, hasGreeting) {
  const socket = await greeted(port, hasGreeting)
  const measure = async () => {
    const samples = []
    for (let i = 0; i < TRIPS; i++) {
      const answered = once(socket, 'data')
      const started = performance.now()
      socket.write('UP;')
      await answered
      samples.push((performance.now() - started) * 1000)
    }
    return samples
  }
  return { label, measure, socket }
}

/** The servers of `kinds`, each with `streams` to watch, and the bare one. */
async function roundTripCase(name, kinds, streams = [], stopStreams = () => undefined) {
  const peers = []
  for (const kind of kinds) {
    if (kind === 'ours') {
      peers.push(await startPeer('DefaultServer', process.execPath, 'server-ours.js', ...streams))
    } else if (pythonPeer()) {
      peers.push(await startPeer("Python's DefaultServer", pythonPeer(), 'server_python.py', ...streams))
    }
  }
  const bare = await startPeer('bare Node server', process.execPath, 'server-bare.js')
  const contenders = [...(await Promise.all(peers.map(peer => contender(peer)))), await contender(bare, false)]
  return {
    name,
    unit: 'us/round trip',
    contenders,
    close: async () => {
      for (const { socket } of contenders) socket.destroy()
      await Promise.all([...peers, bare].map(peer => peer.stop()))
      await stopStreams()
    },
  }
}

/** Outlets that send all the while, in a process of their own. */
async function startStreams({ count, channels, rate }) {
  const names = Array.from({ length: count }, (_, i) => `bench-${process.pid}-${i}`)
  const sender = fork(join(import.meta.dirname, 'support', 'steady-sender.js'), [
    JSON.stringify({ names, channels, rate }),
  ])
  await once(sender, 'message')
  const stop = async () => {
    const exited = once(sender, 'exit')
    sender.disconnect()
    await exited
  }
  return { names, stop }
}

export default {
  id: 'server-round-trip',
  about: 'UP and its answer, from another process',
  async *cases({ quick }) {
    yield roundTripCase('idle', ['ours', 'python'])
    const load = quick ? { ...STREAMS, count: 2 } : STREAMS
    // One server at a time is under load: two of them would be each other's.
    for (const kind of pythonPeer() ? ['ours', 'python'] : ['ours']) {
      const { names, stop } = await startStreams(load)
      const title = `while ${load.count} watchers of ${load.rate} Hz x ${load.channels} channels run in the server's process`
      yield roundTripCase(title, [kind], names, stop)
    }
  },
}
