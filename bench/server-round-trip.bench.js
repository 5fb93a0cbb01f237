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

async function roundTripCase(name, { streams = [], peers = [] }) {
  const python = streams.length === 0 ? pythonPeer() : undefined
  const ours = await startPeer('DefaultServer', process.execPath, 'server-ours.js', ...streams)
  const theirs = python && (await startPeer("Python's DefaultServer", python, 'server_python.py'))
  const bare = await startPeer('bare Node server', process.execPath, 'server-bare.js')
  const contenders = [await contender(ours), ...(theirs ? [await contender(theirs)] : []), await contender(bare, false)]
  return {
    name,
    unit: 'us/round trip',
    contenders,
    close: async () => {
      for (const { socket } of contenders) socket.destroy()
      await Promise.all([ours, theirs, bare].map(peer => peer?.stop()))
      for (const peer of peers) await peer()
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
    yield roundTripCase('idle', {})
    const { count, channels, rate } = quick ? { ...STREAMS, count: 2 } : STREAMS
    const streams = await startStreams({ count, channels, rate })
    yield roundTripCase(`while ${count} watchers of ${rate} Hz x ${channels} channels run in the server's process`, {
      streams: streams.names,
      peers: [streams.stop],
    })
  },
}
