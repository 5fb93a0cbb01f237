// A sender that no receiver outruns: an outlet of the builtin engine whose socket is fed encoded samples, of which every
// `chunk`-th has a stamp, as fast as TCP takes them and in pieces so large that it mostly waits; with chunk 0 it sends stamped
// samples at 1 kHz. node builtin-sender.js NAME CHANNELS CHUNK
import './loopback.js'
import { localClock } from '../../dist/clock.js'
import { builtinEngine } from '../../dist/lsl/builtin/builtin-engine.js'
import { encodeNumeric } from '../../dist/lsl/builtin/codec/encode-numeric.js'
import { SendBuffer } from '../../dist/lsl/builtin/outlet/send-buffer.js'
import { StreamInfo } from '../../dist/lsl/stream-info.js'

const RATE = 1000
const PIECE_BYTES = 512 * 1024
const [name, channels, chunk] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]

/** Writes the same piece again and again, with stamps that go on within it. */
function blast(socket) {
  const frames = chunk * Math.ceil(PIECE_BYTES / (chunk * (9 + 4 * channels)))
  const data = new Float32Array(channels * frames).map((_, index) => index)
  const stamps = new Float64Array(frames).map((_, index) => (index % chunk === 0 ? 1000 + index / RATE : NaN))
  const { bytes } = encodeNumeric(data, channels, 0, frames, stamps, 1000)
  // By setImmediate: a receiver that keeps up would leave this process no turn to answer queries.
  const pump = () => {
    if (!socket.destroyed) socket.write(bytes, () => setImmediate(pump))
  }
  pump()
  pump()
}

if (chunk > 0) {
  const { add } = SendBuffer.prototype
  SendBuffer.prototype.add = function (socket, ...rest) {
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
