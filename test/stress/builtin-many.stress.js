// 24 outlets in another process and 24 inlets in this one, on loopback: all are found, everything is received, nothing lost.
// Usage: node build/test/stress/builtin-many.stress.js [--seconds N]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { loopbackFolder } from '../support/project.js'

const STREAMS = 24
const RATE = 500
const CHANNELS = 16

process.env.LSLAPICFG = join(loopbackFolder, 'lsl_api.cfg')
const { localClock } = await import('../../src/clock.js')
const { builtinEngine } = await import('../../src/lsl/builtin/builtin-engine.js')
const { FrameBuffer } = await import('../../src/lsl/frame-buffer.js')
const { pullWithin } = await import('../../src/lsl/pull-waiter.js')
const { StreamInfo } = await import('../../src/lsl/stream-info.js')
const engine = builtinEngine()
const { values } = parseArgs({ options: { seconds: { type: 'string' }, sender: { type: 'string' } } })
const seconds = Number(values.seconds ?? process.env.STRESS_SECONDS ?? 60)
const type = values.sender ?? `many-${process.pid}`

async function send() {
  const outlets = Array.from({ length: STREAMS }, (_, index) => {
    const info = new StreamInfo({
      name: `${type}-${index}`,
      type,
      channelCount: CHANNELS,
      channelFormat: 'int32',
      nominalSrate: RATE,
    })
    return engine.createOutlet(info, { chunkSize: 1, maxBufferedS: 60 })
  })
  while (!outlets.every(outlet => outlet.haveConsumers)) await new Promise(resolve => setTimeout(resolve, 10))
  const start = localClock()
  const row = new Int32Array(CHANNELS)
  let sent = 0
  while (sent < seconds * RATE) {
    for (const due = Math.min(seconds, localClock() - start) * RATE; sent < due; sent++) {
      row[0] = sent
      for (const outlet of outlets) outlet.push(row, 1, start + sent / RATE, true)
    }
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  console.log(sent)
  await once(process.stdin, 'data')
  await Promise.all(outlets.map(outlet => outlet.close()))
  process.exit(0)
}

async function receive(info, total) {
  const inlet = await engine.createInlet(info, { queueFrames: 16_384, recover: false, processing: {} })
  await inlet.open(10)
  const sink = new FrameBuffer('int32', CHANNELS, 1024)
  let next = 0
  let lost = 0
  for (let silent = 0; next < total.sent && silent < 100;) {
    const frames = await pullWithin(inlet, sink, 100)
    silent = frames === 0 ? silent + 1 : 0
    for (let frame = 0; frame < frames; frame++) {
      const index = sink.samples[frame * CHANNELS]
      lost += index - next
      next = index + 1
    }
  }
  await inlet.close()
  return { got: next - lost, lost }
}

if (values.sender !== undefined) await send()
const child = spawn(process.execPath, [import.meta.filename, '--seconds', String(seconds), '--sender', type], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const total = { sent: Infinity }
createInterface({ input: child.stdout }).once('line', line => (total.sent = Number(line)))
const start = performance.now()
const found = await engine.resolve(`type='${type}'`, { minimum: STREAMS, timeoutS: 20 })
const foundMs = performance.now() - start
const results = await Promise.all(found.map(info => receive(info, total)))
child.stdin.write('done\n')
await once(child, 'exit')
const sum = key => results.reduce((all, result) => all + result[key], 0)
console.log(
  `${found.length} of ${STREAMS} found in ${foundMs.toFixed(0)} ms; ${sum('got')} of ${total.sent * STREAMS} frames, ${sum('lost')} lost`,
)
process.exit(found.length === STREAMS && sum('lost') === 0 && sum('got') === total.sent * STREAMS ? 0 : 1)
