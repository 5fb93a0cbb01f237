// The baseline of the LSL benches: the C library's own calls and nothing else, into one array that is never looked at.
import { parentPort, workerData } from 'node:worker_threads'
import koffi from 'koffi'
import { localClock } from '../../dist/index.js'

const { name, channels, queueS } = workerData
const CHUNK = 1024
const lsl = koffi.load(process.env.LSL_LIB)
const resolve = lsl.func(
  'int lsl_resolve_byprop(_Out_ void **results, uint32 room, str property, str value, int minimum, double timeout)',
)
const createInlet = lsl.func('void *lsl_create_inlet(void *info, int buffer, int chunk, int recover)')
const fullInfo = lsl.func('void *lsl_get_fullinfo(void *inlet, double timeout, void *error)')
const open = lsl.func('void lsl_open_stream(void *inlet, double timeout, void *error)')
const pullSample = lsl.func(
  'double lsl_pull_sample_f(void *inlet, void *values, int count, double timeout, void *error)',
)
const pullChunk = lsl.func(
  'ulong lsl_pull_chunk_f(void *inlet, void *values, void *stamps, ulong count, ulong stamps, double timeout, void *error)',
)

const error = new Int32Array(1)
const found = [null]
if (resolve(found, 1, 'name', name, 1, 10) !== 1) throw new Error(`no stream ${name}`)
const inlet = createInlet(found[0], queueS, 0, 0)
fullInfo(inlet, 10, error)
open(inlet, 10, error)
const first = new Float32Array(channels)
const values = new Float32Array(CHUNK * channels)
const stamps = new Float64Array(CHUNK)

/** Until `frames` have come; answers when the last one did, and each frame's latency. */
function receive(frames) {
  const latencies = []
  let got = 0
  let lastS = localClock()
  while (got < frames && localClock() < lastS + 10) {
    const stamp = pullSample(inlet, first, channels, 0.1, error)
    if (stamp === 0) continue
    const count = pullChunk(inlet, values, stamps, values.length, CHUNK, 0, error) / channels
    lastS = localClock()
    got += 1 + count
    latencies.push(lastS - (count > 0 ? stamps[count - 1] : stamp))
  }
  return { got, lastS, latencies }
}

parentPort.on('message', frames => parentPort.postMessage(receive(frames)))
parentPort.postMessage('ready')
