import { butterworth, defineJob, movingAverage, SosFilter } from 'dareplane-utils/signal'

export default defineJob(async ({ stream, outlets, config: { band, window_s }, every, logger }) => {
  const { channels, rateHz } = stream
  // Both keep a state over the chunks, so it does not matter how the samples come.
  const filter = new SosFilter(butterworth({ order: 4, band, sampleRateHz: rateHz }), { channels })
  const average = movingAverage({ nSamples: Math.round(window_s * rateHz), channels })
  let power = []
  every(1, () => logger.info({ power: [...power.slice(-channels)] }, 'power'))
  for await (const { data, times, lost } of stream.windows()) {
    // After a gap the state is that of another time.
    if (lost > 0) for (const part of [filter, average]) part.reset()
    power = average.process(filter.process(data).map(value => value ** 2))
    outlets.power.pushChunk(power, times)
  }
})
