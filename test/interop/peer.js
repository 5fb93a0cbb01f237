// Our side of the interop tests in a process of its own, from the built code: the requests and answers of peer.py.
import { createInterface } from 'node:readline'
import { allocateSamples, samplesOver } from '../../src/channel-format.js'
import { StreamInfo, StreamOutlet, StreamWatcher } from '../../src/index.js'

const things = new Map()

const encode = array => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64')
const decode = (text, format) => samplesOver(format, Uint8Array.from(Buffer.from(text, 'base64')).buffer)
const encoded = data => (ArrayBuffer.isView(data) ? encode(data) : data)

function describe({ channelNames, info }) {
  return {
    labels: channelNames,
    units: info.channelUnits,
    types: info.channelTypes,
    rate: info.nominalSrate,
    type: info.type,
    sourceId: info.sourceId,
  }
}

const ops = {
  outlet({ key, name, type, format, rate, channels, count = channels.length, desc, sourceId, ...options }) {
    const shape = { channelCount: count, nominalSrate: rate, channelFormat: format }
    const metadata = desc === undefined ? { channels } : { desc }
    things.set(key, new StreamOutlet(new StreamInfo({ name, type, ...shape, sourceId, ...metadata }), options))
  },
  wait: ({ key, timeoutS }) => things.get(key).waitForConsumers(timeoutS),
  push({ key, values, stamps }) {
    const outlet = things.get(key)
    const data = typeof values === 'string' ? decode(values, outlet.info.channelFormat) : values
    outlet.pushChunk(data, typeof stamps === 'string' ? decode(stamps, 'double64') : stamps)
  },
  async inlet({ key, name, ...options }) {
    const watcher = new StreamWatcher({ name, ...options })
    await watcher.connectToStream({ timeoutS: 15 })
    things.set(key, watcher)
    return describe(watcher)
  },
  /** Pulls until there are `frames`, or for `timeoutS`. */
  async pull({ key, frames, timeoutS }) {
    const watcher = things.get(key)
    const { channelFormat, channelCount } = watcher.info
    const rows = channelFormat === 'string' ? [] : allocateSamples(channelFormat, frames * channelCount)
    const stamps = new Float64Array(frames)
    let count = 0
    let lost = 0
    for await (const window of watcher.windows({ signal: AbortSignal.timeout(timeoutS * 1000) })) {
      if (Array.isArray(rows)) rows.push(...window.data)
      else rows.set(window.data, count * channelCount)
      stamps.set(window.times, count)
      count += window.frames
      lost += window.lost
      if (count >= frames) break
    }
    watcher.update()
    watcher.nNew = 0
    const values = Array.isArray(rows) ? rows : encode(rows.subarray(0, count * channelCount))
    return { values, stamps: encode(stamps.subarray(0, count)), lost, stats: watcher.stats }
  },
  /** Updates until `total` frames have come since connecting, and tells what there is. */
  async update({ key, total }) {
    const watcher = things.get(key)
    const end = performance.now() + 10_000
    while (watcher.stats.frames < total && performance.now() < end) await new Promise(setImmediate)
    watcher.update()
    return {
      data: encoded(watcher.unfoldBuffer()),
      times: encode(watcher.unfoldBufferT()),
      nNew: watcher.nNew,
      lastT: watcher.lastT,
      currI: watcher.currI,
    }
  },
  stats: ({ key }) => things.get(key).stats,
  take({ key }) {
    things.get(key).nNew = 0
  },
  async close({ key }) {
    const thing = things.get(key)
    things.delete(key)
    await (thing.disconnect?.() ?? thing.close())
  },
}

for await (const line of createInterface(process.stdin)) {
  const { op, args } = JSON.parse(line)
  let answer
  try {
    answer = { value: await ops[op](args) }
  } catch (error) {
    answer = { error: error.stack }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
await Promise.all([...things.values()].map(thing => thing.disconnect?.() ?? thing.close()))
