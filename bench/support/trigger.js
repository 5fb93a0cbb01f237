// The end of every closed loop, the same for all: blocks for markers, notes when each came. Lines `STREAM COUNT` in; out
// [source to decoder, decoder to control, control to trigger] in seconds for each marker.
import './loopback.js'
import { createInterface } from 'node:readline'
import { localClock } from '../../dist/clock.js'
import { chooseEngine } from '../../dist/lsl/choose-engine.js'
import { StringBuffer } from '../../dist/lsl/frame-buffer.js'

const SILENCE_S = 10
const engine = chooseEngine({ engine: 'liblsl' })
const inlets = []
for (const name of process.argv.slice(2)) {
  const [info] = await engine.resolve(`name='${name}'`, { minimum: 1, timeoutS: 15 })
  const inlet = await engine.createInlet(info, { queueFrames: 16_384, recover: false, processing: {} })
  await inlet.open(10)
  inlets.push(inlet)
}
const sink = new StringBuffer(1, 256)

function markers(inlet, count) {
  const deltas = []
  for (let lastS = localClock(); deltas.length < count && localClock() < lastS + SILENCE_S;) {
    const frames = inlet.pull(sink, 50)
    if (frames === 0) continue
    lastS = localClock()
    for (const [text] of sink.rows.splice(0)) {
      const [source, decoder, control] = text.split(' ').map(Number)
      deltas.push([decoder - source, control - decoder, lastS - control])
    }
  }
  return deltas
}

console.log('"ready"')
for await (const line of createInterface({ input: process.stdin })) {
  const [stream, count] = line.split(' ').map(Number)
  console.log(JSON.stringify(markers(inlets[stream], count)))
}
process.exit()
