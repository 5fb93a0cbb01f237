// A sender that no receiver outruns: an outlet of the builtin engine whose socket is fed encoded samples, `chunk` frames a
// write, as fast as TCP takes them; with chunk 0 it sends stamped samples at 1 kHz. node builtin-sender.js NAME CHANNELS CHUNK
import './loopback.js'
import { localClock } from '../../dist/clock.js'
import { builtinEngine } from '../../dist/lsl/builtin/builtin-engine.js'
import { encodeNumeric } from '../../dist/lsl/builtin/codec/encode-numeric.js'
import { Feeds } from '../../dist/lsl/builtin/outlet/feeds.js'
import { StreamInfo } from '../../dist/lsl/stream-info.js'

const RATE = 1000
const [name, channels, chunk] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]

/** Writes the same blocks again and again, with stamps that go on within a round of them. */
function blast(socket) {
  const data = new Float32Array(channels * chunk).map((_, index) => index)
  const stamps = new Float64Array(chunk).fill(NaN)
  const blocks = Array.from({ length: Math.max(1, Math.ceil(512 / chunk)) }, (_, index) => {
    stamps[0] = 1000 + (index * chunk) / RATE
    return encodeNumeric(data, channels, 0, chunk, stamps, stamps[0]).bytes
  })
  let index = 0
  const pump = () => {
    while (!socket.destroyed) {
      index = (index + 1) % blocks.length
      if (!socket.write(blocks[index]) && socket.writableLength > 0) break
    }
    if (!socket.destroyed) setImmediate(pump)
  }
  setImmediate(pump)
}

if (chunk > 0) {
  const { add } = Feeds.prototype
  Feeds.prototype.add = function (socket, ...rest) {
    add.call(this, socket, ...rest)
    blast(socket)
  }
}
const info = new StreamInfo({ name, type: 'Bench', channelCount: channels, nominalSrate: RATE })
const outlet = builtinEngine().createOutlet(info, { chunkSize: 1, maxBufferedS: 60 })
if (chunk > 0) {
  setInterval(() => undefined, 1000)
} else {
  const row = new Float32Array(channels)
  let due = performance.now()
  const tick = () => {
    for (; performance.now() >= due; due += 1000 / RATE) outlet.push(row, 1, localClock(), true)
    setImmediate(tick)
  }
  tick()
}
