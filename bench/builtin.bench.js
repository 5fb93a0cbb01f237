// Baseline: liblsl's inlet in the same process, on the same sender. Both engines pull into plain memory; the sender feeds
// encoded samples to the socket in large pieces as fast as TCP takes them, so that the inlet is what limits.
import './support/loopback.js'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { localClock } from '../dist/clock.js'
import { chooseEngine } from '../dist/lsl/choose-engine.js'
import { FrameBuffer } from '../dist/lsl/frame-buffer.js'
import { pullWithin } from '../dist/lsl/pull-waiter.js'
import { StreamWatcher } from '../dist/stream-watcher.js'

const CHANNELS = [1, 8, 32, 128, 1024]
const CHUNKS = [1, 32, 256]
const WARM_UP_MS = 150
const MEASURE_MS = 400
const LATENCY_MS = 1000

function startSender(name, channels, chunk) {
  const file = join(import.meta.dirname, 'support', 'builtin-sender.js')
  return spawn(process.execPath, [file, name, channels, chunk], { stdio: 'inherit' })
}

async function inletOn(engine, name) {
  const [info] = await engine.resolve(`name='${name}'`, { minimum: 1, timeoutS: 10 })
  const inlet = await engine.createInlet(info, { queueFrames: 16_384, recover: false, processing: {} })
  await inlet.open(10)
  return inlet
}

/** Pulls for a while; `each` sees how many frames came. */
async function pullFor(inlet, sink, ms, each = () => undefined) {
  const start = performance.now()
  let frames = 0
  while (performance.now() - start < ms) {
    const count = inlet.pull(sink, 50) || (await pullWithin(inlet, sink, 50))
    frames += count
    each(count)
  }
  return { frames, ms: performance.now() - start }
}

function contender(engineName, measure) {
  const engine = chooseEngine({ engine: engineName })
  return { label: `${engineName} ${engine.version}`, measure: () => measure(engine) }
}

function ingestCase(channels, chunk) {
  const name = `bench-${process.pid}-${channels}-${chunk}`
  const sender = startSender(name, channels, chunk)
  const cpu = { builtin: [], liblsl: [] }
  const measure = async engine => {
    const inlet = await inletOn(engine, name)
    const sink = new FrameBuffer('float32', channels, 1024)
    await pullFor(inlet, sink, WARM_UP_MS)
    const before = process.cpuUsage()
    const { frames, ms } = await pullFor(inlet, sink, MEASURE_MS)
    const { user, system } = process.cpuUsage(before)
    cpu[engine.name].push((user + system) / frames)
    await inlet.close()
    return [(ms * 1e6) / frames]
  }
  const median = values => values.sort((a, b) => a - b)[values.length >> 1]?.toFixed(3)
  return {
    name: `ingest, ${channels} channels float32, chunks of ${chunk}`,
    unit: 'ns/sample',
    contenders: [contender('builtin', measure), contender('liblsl', measure)],
    note: ([ours, theirs]) =>
      `${(1e6 / ours).toFixed(0)} k samples/s, liblsl ${(1e6 / theirs).toFixed(0)}; ` +
      `CPU s per 10^6 samples ${median(cpu.builtin)}, liblsl ${median(cpu.liblsl)}`,
    async close() {
      sender.kill()
      await once(sender, 'exit')
    },
  }
}

function latencyCase() {
  const name = `bench-${process.pid}-latency`
  const sender = startSender(name, 8, 0)
  const measure = async engine => {
    const inlet = await inletOn(engine, name)
    const sink = new FrameBuffer('float32', 8, 1024)
    const latencies = []
    await pullFor(inlet, sink, WARM_UP_MS)
    await pullFor(inlet, sink, LATENCY_MS, frames => {
      const now = localClock()
      for (let frame = 0; frame < frames; frame++) latencies.push((now - sink.times[frame]) * 1e6)
    })
    await inlet.close()
    return latencies
  }
  return {
    name: 'latency, push in another process to pulled, 8 channels at 1 kHz',
    unit: 'us',
    contenders: [contender('builtin', measure), contender('liblsl', measure)],
    async close() {
      sender.kill()
      await once(sender, 'exit')
    },
  }
}

function mainThreadCase() {
  const name = `bench-${process.pid}-main`
  const sender = startSender(name, 8, 0)
  const measure = async engine => {
    const watcher = new StreamWatcher({ name, engine: engine.name })
    await watcher.connectToStream({ timeoutS: 10 })
    const latencies = []
    const signal = AbortSignal.timeout(WARM_UP_MS + LATENCY_MS)
    const begin = localClock() + WARM_UP_MS / 1000
    for await (const { times } of watcher.windows({ signal })) {
      const now = localClock()
      if (now > begin) for (const time of times) latencies.push((now - time) * 1e6)
    }
    await watcher.disconnect()
    return latencies
  }
  return {
    name: 'latency, push in another process to the main thread through a StreamWatcher, 8 channels at 1 kHz',
    unit: 'us',
    contenders: [contender('builtin', measure), contender('liblsl', measure)],
    async close() {
      sender.kill()
      await once(sender, 'exit')
    },
  }
}

function closeCase() {
  const name = `bench-${process.pid}-close`
  const sender = startSender(name, 8, 0)
  const measure = async engine => {
    const inlet = await inletOn(engine, name)
    const start = performance.now()
    await inlet.close()
    return [performance.now() - start]
  }
  return {
    name: 'closing an inlet',
    unit: 'ms',
    contenders: [contender('builtin', measure), contender('liblsl', measure)],
    async close() {
      sender.kill()
      await once(sender, 'exit')
    },
  }
}

/** What a process of its own with several inlets on one stream costs: KiB an inlet, or the threads they add. */
function costCase(key, name, unit) {
  const stream = `bench-${process.pid}-${key}`
  const sender = startSender(stream, 8, 0)
  const measure = async engine => {
    const file = join(import.meta.dirname, 'support', 'builtin-inlets.js')
    const child = spawn(process.execPath, [file, engine.name, stream], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    await once(child, 'exit')
    return [JSON.parse(line)[key]]
  }
  return {
    name,
    unit,
    contenders: [contender('builtin', measure), contender('liblsl', measure)],
    async close() {
      sender.kill()
      await once(sender, 'exit')
    },
  }
}

export default {
  id: 'builtin',
  about: 'the inlet in TypeScript beside that of liblsl',
  *cases({ quick }) {
    yield latencyCase()
    yield mainThreadCase()
    yield closeCase()
    yield costCase('kibPerInlet', 'memory of an inlet, 8 channels at 1 kHz, a queue of 16384 frames', 'KiB')
    yield costCase('threads', 'threads that 8 inlets add to a process', 'threads')
    for (const channels of quick ? [1, 32, 1024] : CHANNELS)
      for (const chunk of quick ? [32] : CHUNKS) yield ingestCase(channels, chunk)
  },
}
