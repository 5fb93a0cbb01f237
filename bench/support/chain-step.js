import { localClock, StreamInfo, StreamOutlet } from '../../dist/index.js'

const FIELDS = 3

/**
 * What a module of the closed loop does with a window of source time, signal, decoder time: `pass` forwards it with the time
 * of its push, `threshold` sends a marker when the signal rises above 0.5.
 */
export function chainStep({ kind, target, rate }) {
  if (kind === 'pass') {
    const shape = { type: 'Bench', channelCount: FIELDS, channelFormat: 'double64', nominalSrate: rate }
    const outlet = new StreamOutlet(new StreamInfo({ name: target, sourceId: target, ...shape }))
    const copy = new Float64Array(FIELDS * Math.ceil(2 * rate))
    return ({ data, frames, times }) => {
      const chunk = copy.subarray(0, data.length)
      chunk.set(data)
      const now = localClock()
      for (let frame = 0; frame < frames; frame++) chunk[FIELDS * frame + 2] = now
      outlet.pushChunk(chunk, times)
    }
  }
  const shape = { type: 'Markers', channelCount: 1, channelFormat: 'string', nominalSrate: 0 }
  const outlet = new StreamOutlet(new StreamInfo({ name: target, sourceId: target, ...shape }))
  let high = false
  return ({ data, frames }) => {
    for (let frame = 0; frame < frames; frame++) {
      const [sent, signal, decoded] = [data[FIELDS * frame], data[FIELDS * frame + 1], data[FIELDS * frame + 2]]
      if (signal > 0.5 && !high)
        outlet.pushSample([`${sent.toFixed(9)} ${decoded.toFixed(9)} ${localClock().toFixed(9)}`])
      high = signal > 0.5
    }
  }
}
