// A sender that no receiver outruns: an outlet of the builtin engine whose socket is fed encoded samples, `chunk` frames a
// write, as fast as TCP takes them. Started by builtin.bench.js; prints 'ready' once it can be found.
import { builtinEngine } from '../dist/lsl/builtin/builtin-engine.js'
import { StreamInfo } from '../dist/lsl/stream-info.js'
import { encodeNumeric } from '../dist/lsl/builtin/codec/encode-numeric.js'
import { Feeds } from '../dist/lsl/builtin/outlet/feeds.js'

const [name, channels, chunk] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const data = new Float32Array(channels * chunk).map((_, index) => index)
const stamps = new Float64Array(chunk).fill(NaN)

const add = Feeds.prototype.add
Feeds.prototype.add = function (socket, ...rest) {
  add.call(this, socket, ...rest)
  const rate = 1000
  let stamp = 1000
  const frames = Math.max(1, Math.ceil(512 / chunk))
  const blocks = Array.from({ length: frames }, () => {
    const sent = stamps.slice()
    sent[0] = stamp
    stamp += chunk / rate
    return encodeNumeric(data, channels, 0, chunk, sent, sent[0]).bytes
  })
  let index = 0
  const pump = () => {
    while (!socket.destroyed) {
      index = (index + 1) % blocks.length
      if (!socket.write(blocks[index]) && socket.writableLength > 0) break
    }
  }
  const again = () => {
    pump()
    if (!socket.destroyed) setImmediate(again)
  }
  setImmediate(again)
}
builtinEngine().createOutlet(new StreamInfo({ name, type: 'Bench', channelCount: channels, nominalSrate: 1000 }), {
  chunkSize: 0,
  maxBufferedS: 60,
})
setInterval(() => undefined, 1000)
