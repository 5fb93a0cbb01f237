// What a view costs: server CPU and bytes for viewers of many streams, and how rate and viewers change it. The view runs in a process of
// its own on rings that a thread fills without LSL, so that only its own work is counted. Baseline: the same process without a viewer.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { WebSocket } from 'ws'

const SECONDS = { full: 5, quick: 2 }
/** What a panel of the page asks for. */
const COLUMNS = 400
const SPAN_S = 5

/** @returns {Promise<{ port: number, cpu: () => Promise<number>, stop: () => Promise<void> }>} */
async function startServer(load) {
  const child = fork(new URL('./support/view-server.js', import.meta.url), [JSON.stringify(load)])
  const [{ port }] = await once(child, 'message')
  const cpu = async () => {
    child.send('cpu')
    const [{ cpuS }] = await once(child, 'message')
    return cpuS
  }
  const stop = async () => {
    const exited = once(child, 'exit')
    child.disconnect()
    await exited
  }
  return { port, cpu, stop }
}

/** A viewer that asks for the envelope of every stream and gives back each credit. */
async function startViewer(port) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`)
  const viewer = { bytes: 0, streams: 0, close: () => socket.terminate() }
  socket.binaryType = 'arraybuffer'
  socket.on('message', (data, isBinary) => {
    viewer.bytes += data.byteLength
    if (isBinary) {
      socket.send(JSON.stringify({ type: 'credit', id: new DataView(data).getUint32(4, true), credits: 1 }))
      return
    }
    const message = JSON.parse(new TextDecoder().decode(data))
    if (message.type !== 'stream') return
    const id = ++viewer.streams
    const request = { type: 'subscribe', kind: 'envelope', id, stream: message.stream.key, spanS: SPAN_S, columns: COLUMNS, credits: 4 } // prettier-ignore
    socket.send(JSON.stringify(request))
  })
  await once(socket, 'open')
  return viewer
}

/** What a viewer of all streams costs: % of a core, and MB/s to the first of the viewers. */
async function measured(load, viewers, seconds) {
  const server = await startServer(load)
  const clients = await Promise.all(Array.from({ length: viewers }, () => startViewer(server.port)))
  await new Promise(resolve => setTimeout(resolve, 1500))
  const before = clients[0]?.bytes ?? 0
  const [startS, start] = [await server.cpu(), performance.now()]
  await new Promise(resolve => setTimeout(resolve, 1000 * seconds))
  const took = (performance.now() - start) / 1000
  const percent = (100 * ((await server.cpu()) - startS)) / took
  const megabytes = ((clients[0]?.bytes ?? 0) - before) / took / 1e6
  for (const client of clients) client.close()
  await server.stop()
  return { percent, megabytes }
}

const loadAt = rate => ({ streams: 32, channels: 32, rate })

export default {
  id: 'viewer (B23)',
  about: 'The view: CPU and bytes for viewers of many streams',
  *cases({ quick }) {
    const seconds = quick ? SECONDS.quick : SECONDS.full
    const common = { atMost: quick ? 2 : 7, warmUp: false }
    for (const rate of quick ? [1000] : [1000, 4000]) {
      const percent = viewers => async () => [(await measured(loadAt(rate), viewers, seconds)).percent]
      yield {
        ...common,
        name: `32 streams x 32 channels x ${rate} Hz`,
        unit: '% of a core',
        contenders: [
          { label: 'one viewer of all', measure: percent(1) },
          { label: 'two viewers of all', measure: percent(2) },
          { label: 'nobody looks', measure: percent(0) },
        ],
        goals: [
          ...(rate === 1000 ? [{ id: 'V1', goal: 'one viewer takes at most 10 % of a core', of: 'one viewer of all', atMost: 10 }] : []), // prettier-ignore
          { id: `V2-${rate}`, goal: 'the second takes at most 20 % more', of: 'two viewers of all', to: 'one viewer of all', atMost: 1.2 }, // prettier-ignore
        ],
      }
    }
    const megabytes = rate => async () => [(await measured(loadAt(rate), 1, seconds)).megabytes]
    yield {
      ...common,
      name: 'to one viewer of 32 streams x 32 channels',
      unit: 'MB/s',
      contenders: [
        { label: '4000 Hz', measure: megabytes(4000) },
        { label: '1000 Hz', measure: megabytes(1000) },
      ],
      goals: [
        { id: 'V3', goal: 'a viewer gets at most 1 MB/s', of: '1000 Hz', atMost: 1 },
        { id: 'V4', goal: 'it does not grow with the rate', of: '4000 Hz', to: '1000 Hz', atMost: 1.1 },
      ],
    }
  },
}
