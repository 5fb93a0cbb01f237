import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { RAW_STAMPS } from '../../../src/lsl/builtin/clock/stamp-filter.js'
import { loadConfig } from '../../../src/lsl/builtin/config/load-config.js'
import { builtinEngine } from '../../../src/lsl/builtin/builtin-engine.js'
import { parseHead } from '../../../src/lsl/builtin/handshake/parse-head.js'
import { feedRequest } from '../../../src/lsl/builtin/handshake/feed-request.js'
import { chooseSampleDecoder } from '../../../src/lsl/builtin/inlet/choose-sample-decoder.js'
import { makeOutlet } from '../../../src/lsl/builtin/outlet/make-outlet.js'
import { FrameBuffer } from '../../../src/lsl/frame-buffer.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

async function externalMemory(): Promise<number> {
  // Array buffers are freed beside the thread, after the collection.
  for (let round = 0; round < 4; round++) {
    gc()
    await new Promise(setImmediate)
  }
  return process.memoryUsage().external
}

const CHANNELS = 16
const RATE = 1000
const FRAMES = 400_000
const QUEUE = 5000

t.test(
  'an inlet that does not read costs a bounded queue; what is dropped is counted, and stamps stay right',
  async t => {
    const { config } = loadConfig()
    const name = uniqueName('slow')
    const info = new StreamInfo({ name, channelCount: CHANNELS, channelFormat: 'int32', nominalSrate: RATE })
    const outlet = makeOutlet(info, { chunkSize: 1, maxBufferedS: 3600 }, config)
    t.teardown(() => outlet.close())
    const [found] = await builtinEngine(config).resolve(`name='${name}'`, { minimum: 1, timeoutS: 5 })
    const socket = connect(found!.fields.v4dataPort, '127.0.0.1')
    t.teardown(() => socket.destroy())
    socket.pause()
    await once(socket, 'connect')
    socket.write(feedRequest(found!, QUEUE))
    while (!outlet.haveConsumers) await new Promise(setImmediate)

    const before = await externalMemory()
    const chunk = new Int32Array(100 * CHANNELS)
    for (let sent = 0; sent < FRAMES; sent += 100) {
      for (let frame = 0; frame < 100; frame++) chunk[frame * CHANNELS] = sent + frame
      // The first stamp of a chunk is sent, the other 99 are deduced: dropping must not lose the thread.
      outlet.push(chunk, 100, 1000 + (sent + 99) / RATE, true)
      if (sent % 10_000 === 0) await new Promise(setImmediate)
    }
    const grown = (await externalMemory()) - before
    t.ok(grown < 16 * 2 ** 20, `${(grown / 2 ** 20).toFixed(1)} MiB for ${QUEUE} frames that wait`)
    t.ok(outlet.dropped > 0)

    const parts: Buffer[] = []
    for await (const part of socket as AsyncIterable<Buffer>) {
      parts.push(part)
      // A record ends with its values, of which the first is its index.
      const tail = Buffer.concat(parts.slice(-2))
      if (tail.readInt32LE(tail.byteLength - 4 * CHANNELS) === FRAMES - 1) break
    }
    const bytes = Buffer.concat(parts)
    // All but the head and two test samples, as an inlet reads them.
    const patterns = 2 * (9 + 4 * CHANNELS)
    const data = bytes.subarray((parseHead(bytes)?.end ?? 0) + patterns)
    const intake = chooseSampleDecoder(info, FRAMES, RAW_STAMPS, data.byteLength)
    intake.receiving = true
    const { buffer } = intake
    buffer.next().set(data)
    buffer.end = data.byteLength
    const sink = new FrameBuffer('int32', CHANNELS, FRAMES)
    const got = intake.pull(sink)
    t.comment(`${got} of ${FRAMES} frames, ${outlet.dropped} dropped`)
    t.equal(got + outlet.dropped, FRAMES, 'received and dropped are all that was sent')
    let wrong = 0
    let previous = -1
    for (let frame = 0; frame < got; frame++) {
      const index = Number(sink.samples[frame * CHANNELS])
      if (!(index > previous) || Math.abs((sink.times[frame] ?? NaN) - (1000 + index / RATE)) > 1e-9) wrong++
      previous = index
    }
    t.equal(wrong, 0, 'in order, each with its own stamp')
    t.equal(previous, FRAMES - 1, 'the newest were kept')
  },
)

t.test('a program that pushes in a loop without a pause is heard while it does', async t => {
  const { config } = loadConfig()
  const name = uniqueName('loop')
  const info = new StreamInfo({ name, channelCount: 1, channelFormat: 'int32', nominalSrate: RATE })
  const outlet = makeOutlet(info, { chunkSize: 1, maxBufferedS: 10 }, config)
  t.teardown(() => outlet.close())
  const [found] = await builtinEngine(config).resolve(`name='${name}'`, { minimum: 1, timeoutS: 5 })
  const socket = connect(found!.fields.v4dataPort, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.write(feedRequest(found!, QUEUE))
  while (!outlet.haveConsumers) await new Promise(setImmediate)
  let writes = 0
  const write = Reflect.get<Socket, 'write'>(Socket.prototype, 'write')
  t.teardown(() => Reflect.set(Socket.prototype, 'write', write))
  Reflect.set(Socket.prototype, 'write', function (this: Socket, ...args: Parameters<typeof write>) {
    writes++
    return write.apply(this, args)
  })
  const start = performance.now()
  const value = new Int32Array(1)
  // All in one turn of the event loop.
  let pushes = 0
  for (; writes <= 5 && performance.now() - start < 10_000; pushes++) outlet.push(value, 1, 0, true)
  t.ok(writes > 5, `${writes} writes in a turn`)
  t.ok(pushes > 10 * writes, `and not one for each of ${pushes} pushes`)
})

t.test('an outlet that is closed behind a slow inlet has sent what was pushed', async t => {
  const { config } = loadConfig()
  const name = uniqueName('closing')
  const info = new StreamInfo({ name, channelCount: CHANNELS, channelFormat: 'int32', nominalSrate: RATE })
  const outlet = makeOutlet(info, { chunkSize: 1, maxBufferedS: 3600 }, config)
  t.teardown(() => outlet.close())
  const [found] = await builtinEngine(config).resolve(`name='${name}'`, { minimum: 1, timeoutS: 5 })
  const socket = connect(found!.fields.v4dataPort, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.pause()
  await once(socket, 'connect')
  socket.write(feedRequest(found!, FRAMES))
  while (!outlet.haveConsumers) await new Promise(setImmediate)
  // More than the system takes for a reader that reads nothing, so that much is still here when the outlet is closed.
  const frames = FRAMES / 2
  const chunk = new Int32Array(1000 * CHANNELS)
  for (let sent = 0; sent < frames; sent += 1000) outlet.push(chunk, 1000, 0, true)
  const closing = outlet.close()
  let bytes = 0
  socket.on('data', part => (bytes += part.length)).resume()
  await once(socket, 'close')
  await closing
  t.ok(bytes >= frames * (1 + CHANNELS * 4), `${bytes} bytes for ${frames} samples`)
  t.equal(outlet.dropped, 0)
})
