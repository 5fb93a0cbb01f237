// Seeded noise against everything of the builtin engine that hears the network: parsers and decoders in this process as fast
// as they go, then the sockets of a live outlet and an inlet with a hostile outlet. Nothing may throw, nothing may grow, and
// the outlet still answers. Usage: node build/test/stress/builtin.stress.js [--seconds N] [--seed N]
import { createSocket } from 'node:dgram'
import { EventEmitter, once } from 'node:events'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { mutate } from './mutate.js'
import { randomOf } from './ring-words.js'
import { loopbackFolder } from '../support/project.js'

process.env.LSLAPICFG = join(loopbackFolder, 'lsl_api.cfg')
const { builtinEngine } = await import('../../src/lsl/builtin/builtin-engine.js')
const { RAW_STAMPS } = await import('../../src/lsl/builtin/clock/stamp-filter.js')
const { interpretConfig } = await import('../../src/lsl/builtin/config/interpret-config.js')
const { parseIni } = await import('../../src/lsl/builtin/config/parse-ini.js')
const { encodeNumeric } = await import('../../src/lsl/builtin/codec/encode-numeric.js')
const { encodeStrings } = await import('../../src/lsl/builtin/codec/encode-strings.js')
const { QueryCache } = await import('../../src/lsl/builtin/discovery/query-cache.js')
const { feedRequest, parseFeedRequest } = await import('../../src/lsl/builtin/handshake/feed-request.js')
const { feedResponse, parseFeedResponse } = await import('../../src/lsl/builtin/handshake/feed-response.js')
const { parseHead } = await import('../../src/lsl/builtin/handshake/parse-head.js')
const { chooseSampleDecoder } = await import('../../src/lsl/builtin/inlet/choose-sample-decoder.js')
const { serveUdp } = await import('../../src/lsl/builtin/outlet/udp-server.js')
const { FrameBuffer, StringBuffer } = await import('../../src/lsl/frame-buffer.js')
const { infoElement } = await import('../../src/lsl/stream-fields.js')
const { parseStreamInfo } = await import('../../src/lsl/parse-stream-info.js')
const { pullWithin } = await import('../../src/lsl/pull-waiter.js')
const { StreamInfo } = await import('../../src/lsl/stream-info.js')

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } })
const seconds = Number(values.seconds ?? process.env.STRESS_SECONDS ?? 60)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const random = randomOf(seed)
console.log(`seed ${seed}`)
const until = share => performance.now() + seconds * 1000 * share
const thrown = []
let isRunning = false
process.on('uncaughtException', (error, origin) => {
  thrown.push(error)
  // A mistake in this program itself must not pass for a fault that was survived.
  if (origin === 'unhandledRejection' || !isRunning) {
    console.error(error)
    process.exit(1)
  }
})
process.on('unhandledRejection', error => thrown.push(error))
process.on('warning', () => undefined)

const numbers = new StreamInfo({ name: 'fuzz', channelCount: 3, nominalSrate: 100, sourceId: 'f' })
const texts = new StreamInfo({ name: 'fuzz', channelCount: 2, channelFormat: 'string', sourceId: 'f' })
const xml = new StreamInfo({ ...numbers.fields, uid: 'u', channels: [{ label: 'C3' }] }).asXml()
const request = feedRequest(new StreamInfo({ ...numbers.fields, uid: 'u' }), 1000)
const response = feedResponse({ uid: 'u', bigEndian: false, suppressSubnormals: false })
const queries = new QueryCache(infoElement(new StreamInfo({ ...numbers.fields, uid: 'u' }).fields), 100)
const socket = Object.assign(new EventEmitter(), { send: () => undefined })
const from = { address: '127.0.0.1', port: 9, family: 'IPv4', size: 0 }
const announced = { shortInfo: xml, matches: query => queries.matches(query) }
const rows = Buffer.concat([encodeStrings(['a', ''], 5, 5).bytes, encodeStrings(['x'.repeat(300), 'µ'], NaN, 5).bytes])
const frames = encodeNumeric(new Float32Array(30), 3, 0, 10, new Float64Array(10).fill(NaN).fill(1, 0, 1), 1).bytes

function decodes(info, bytes) {
  const intake = chooseSampleDecoder(info, 16, RAW_STAMPS, 64)
  intake.begin({ uid: '', bigEndian: random() < 0.5, suppressSubnormals: random() < 0.5 }, 100)
  intake.receiving = true
  const { buffer } = intake
  const sink = info === texts ? new StringBuffer(2, 4) : new FrameBuffer('float32', 3, 4)
  for (let at = 0; at < bytes.byteLength;) {
    const room = buffer.next()
    const part = bytes.subarray(at, at + Math.min(room.byteLength, 1 + Math.floor(random() * 100)))
    room.set(part)
    if (buffer.end > buffer.start) intake.spill()
    buffer.end += part.byteLength
    at += part.byteLength
    intake.pull(sink)
  }
}

serveUdp(socket, announced)
isRunning = true
const hearPacket = bytes => socket.emit('message', bytes, from)

/** What hears, and something it understands. */
const EARS = [
  [bytes => parseIni(bytes.toString()), '[ports]\nPortRange = 5\n; c\n[lab]\nKnownPeers = {a, b}\n'],
  [
    bytes => {
      const ini = parseIni(bytes.toString())
      if ('entries' in ini) interpretConfig(ini.entries)
    },
    '[multicast]\nResolveScope = link\nTTLOverride = 300\nAddressesOverride = {::1,}\n',
  ],
  [
    bytes => {
      const head = parseHead(bytes)
      if (head !== undefined) parseFeedRequest(head)
    },
    request,
  ],
  [
    bytes => {
      const head = parseHead(bytes)
      if (head !== undefined) parseFeedResponse(head, 'u')
    },
    response,
  ],
  [bytes => parseStreamInfo(bytes.toString()), xml],
  [hearPacket, "LSL:shortinfo\r\nsession_id='default' and name='x'\r\n16580 1\r\n"],
  [hearPacket, 'LSL:timedata\r\n17 123.456\r\n'],
  [bytes => decodes(numbers, bytes), frames],
  [bytes => decodes(texts, bytes), rows],
].map(([hear, sample]) => ({ hear, sample: Buffer.from(sample) }))
/** XML and XPath take a hundred times as long as the others, which come so much oftener. */
const OFTEN = EARS.flatMap(ear => Array(ear === EARS[4] || ear === EARS[5] ? 1 : 20).fill(ear))

// ---- parsers and decoders
let inputs = 0
const heapBefore = process.memoryUsage().rss
for (const end = until(0.6); performance.now() < end && thrown.length === 0;) {
  for (const { hear, sample } of OFTEN) {
    const bytes = mutate(sample, random)
    try {
      hear(bytes)
    } catch (error) {
      console.log(`input ${bytes.toString('base64')}`)
      thrown.push(error)
    }
    inputs++
  }
}
const grown = (process.memoryUsage().rss - heapBefore) / 2 ** 20

// ---- the sockets of a live outlet
const engine = builtinEngine()
const name = `fuzz-${process.pid}`
const outlet = engine.createOutlet(new StreamInfo({ ...numbers.fields, name }), { chunkSize: 1, maxBufferedS: 1 })
const [found] = await engine.resolve(`name='${name}'`, { minimum: 1, timeoutS: 10 })
const { v4dataPort, v4servicePort } = found.fields
const udp = createSocket('udp4')
const tcpSamples = [request, 'LSL:shortinfo\r\nname="x"\r\n', 'LSL:fullinfo\r\n', 'LSL:streamfeed\r\n5 5\r\n'].map(
  text => Buffer.from(text),
)
const udpSamples = EARS.slice(5, 7).map(({ sample }) => sample)
const pick = list => list[Math.floor(random() * list.length)]
let packets = 0
let connections = 0
for (const end = until(0.2); performance.now() < end;) {
  for (let i = 0; i < 50; i++, packets++) udp.send(mutate(pick(udpSamples), random), v4servicePort, '127.0.0.1')
  const sockets = Array.from({ length: 10 }, () => {
    const socket = connect(v4dataPort, '127.0.0.1').on('error', () => undefined)
    socket.write(mutate(pick(tcpSamples), random))
    socket.resume()
    connections++
    return socket
  })
  outlet.push(new Float32Array(3), 1, 0, true)
  await new Promise(resolve => setTimeout(resolve, 5))
  for (const socket of sockets) {
    if (random() < 0.5) socket.destroy()
    else socket.resetAndDestroy()
  }
}
udp.close()

// ---- an inlet with a hostile outlet
const hostile = createServer(socket => {
  socket.on('error', () => undefined).resume()
  const samples = Buffer.concat([Buffer.from(response), frames])
  socket.end(mutate(random() < 0.5 ? samples : Buffer.from(response), random))
})
hostile.listen(0, '127.0.0.1')
await once(hostile, 'listening')
const fake = new StreamInfo({
  ...numbers.fields,
  uid: 'u',
  v4address: '127.0.0.1',
  v4dataPort: hostile.address().port,
  v4servicePort: 9,
})
const ends = new Map()
for (const end = until(0.2); performance.now() < end;) {
  const inlet = await engine.createInlet(fake, { queueFrames: 16, recover: false, processing: {} })
  const outcome = await inlet
    .open(1)
    .then(() => pullWithin(inlet, new FrameBuffer('float32', 3, 4), 5))
    .catch(error => error)
  ends.set(outcome.code ?? 'data', (ends.get(outcome.code ?? 'data') ?? 0) + 1)
  await inlet.fullInfo(1).catch(() => undefined)
  await inlet.close()
}
hostile.close()

// ---- the outlet still answers
const [again] = await engine.resolve(`name='${name}'`, { minimum: 1, timeoutS: 10 })
const inlet = await engine.createInlet(again, { queueFrames: 16, recover: false, processing: {} })
await inlet.open(5)
outlet.push(Float32Array.of(1, 2, 3), 1, 7, true)
const sink = new FrameBuffer('float32', 3, 16)
let alive = false
for (let tries = 0; tries < 50 && !alive; tries++)
  alive = (await pullWithin(inlet, sink, 100)) > 0 && sink.samples[2] === 3
await Promise.all([inlet.close(), outlet.close()])

console.log(`${inputs} inputs, ${packets} packets, ${connections} connections; grown by ${grown.toFixed(1)} MiB`)
console.log(`inlets ended: ${[...ends].map(([code, count]) => `${code} ${count}`).join(', ')}`)
const wrong = []
if (thrown.length > 0) wrong.push(`thrown: ${thrown[0].stack}`)
if (!alive) wrong.push('the outlet does not answer any more')
if (grown > 150) wrong.push(`memory grew by ${grown} MiB`)
const known = ['data', 'ERR_STREAM_LOST', 'ERR_PROTOCOL_UNSUPPORTED', 'ERR_TIMEOUT']
if ([...ends.keys()].some(code => !known.includes(code))) wrong.push('an inlet ended in a way that is not documented')
for (const line of wrong) console.log(`FAILED: ${line}`)
process.exit(wrong.length > 0 ? 1 : 0)
