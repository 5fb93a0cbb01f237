// Sends a marker each time the alpha power of one channel rises above a level.
import { butterworth, defineJob, movingAverage, SosFilter } from 'dareplane-utils/signal'

export default defineJob(async ({ stream, outlets, config: { channel, level }, every, logger }) => {
  const { channels, rateHz } = stream
  const alpha = new SosFilter(butterworth({ order: 4, band: [8, 12], sampleRateHz: rateHz }), { channels })
  const halfSecond = movingAverage({ nSamples: Math.round(rateHz / 2), channels })
  let power = 0
  let wasAbove = false
  every(1, () => logger.info({ power: Math.round(power * 10) / 10 }, 'alpha'))
  for await (const { data, times, frames, lost } of stream.windows()) {
    // The job was too slow and samples are missing: what the filter remembers is of another time.
    if (lost > 0) for (const part of [alpha, halfSecond]) part.reset()
    const powers = halfSecond.process(alpha.process(data).map(value => value ** 2))
    for (let i = 0; i < frames; i++) {
      power = powers[i * channels + channel]
      if (power > level && !wasAbove) outlets.markers.pushSample(['alpha'], times[i])
      wasAbove = power > level
    }
  }
})
