import { BroadcastChannel } from 'node:worker_threads'
import { RingReader } from 'dareplane-utils'

/** Computes the root mean square of each new chunk of one channel, and tells when it rises above the threshold. */
export default function watchThreshold({ kwargs: { channel, threshold }, stopEvent, rings: [ring], logger }) {
  const reader = RingReader.attach(ring)
  const crossings = new BroadcastChannel('threshold')
  let wasAbove = false
  while (!stopEvent.isSet) {
    // Wakes when frames arrive, and now and then to see whether it is to stop.
    if (!reader.wait(50)) continue
    const { data, channels, frames, lost } = reader.takeNew()
    if (lost > 0) logger.warn({ lost }, 'too slow, frames lost')
    let sum = 0
    for (let i = channel; i < data.length; i += channels) sum += data[i] ** 2
    const rms = Math.sqrt(sum / frames)
    if (rms > threshold && !wasAbove) crossings.postMessage({ rms })
    wasAbove = rms > threshold
  }
  crossings.close()
}
