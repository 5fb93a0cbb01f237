// The baseline of the LSL benches: the C library's own calls and nothing else, into one array that is never looked at.
import { parentPort, workerData } from 'node:worker_threads'
import { localClock } from '../../dist/index.js'
import { searchTimes } from '../../dist/lsl/choose-engine.js'
import { addressOf } from '../../dist/lsl/liblsl/error-cell.js'
// Not by koffi alone: it unloads a library with the worker that loaded it, under the threads of the inlet.
import { loadLibrary } from '../../dist/lsl/liblsl/library.js'
import { resolveHandles } from '../../dist/lsl/liblsl/resolver.js'

const { name, channels, queueS } = workerData
const CHUNK = 1024
const lsl = loadLibrary(process.env.LSL_LIB)
const error = new Int32Array(1)
const ec = addressOf(error)
const limits = { minimum: 1, timeoutS: 10, times: searchTimes() }
const [inlet] = await resolveHandles(lsl, `name='${name}'`, limits, info =>
  lsl.fn('lsl_create_inlet')(info, queueS, 0, 0),
)
if (inlet === undefined) throw new Error(`no stream ${name}`)
lsl.fn('lsl_open_stream')(inlet, 10, ec)
const pullSample = lsl.fn('lsl_pull_sample_f')
const pullChunk = lsl.fn('lsl_pull_chunk_f')
const values = new Float32Array((CHUNK + 1) * channels)
const stamps = new Float64Array(CHUNK)
// The C library writes by address. What no function mentions would be collected under it.
const written = [error, values, stamps]
const [firstAt, restAt, stampsAt] = [addressOf(values), addressOf(values.subarray(channels)), addressOf(stamps)]

/** Until `frames` have come; answers when the last one did, and each frame's latency. */
function receive(frames) {
  const latencies = []
  let got = 0
  let lastS = localClock()
  while (got < frames && localClock() < lastS + 10 && written.length > 0) {
    const stamp = pullSample(inlet, firstAt, channels, 0.1, ec)
    if (stamp === 0) continue
    const count = pullChunk(inlet, restAt, stampsAt, CHUNK * channels, CHUNK, 0, ec) / channels
    lastS = localClock()
    got += 1 + count
    latencies.push(lastS - (count > 0 ? stamps[count - 1] : stamp))
  }
  return { got, lastS, latencies }
}

parentPort.on('message', frames => parentPort.postMessage(receive(frames)))
parentPort.postMessage('ready')
