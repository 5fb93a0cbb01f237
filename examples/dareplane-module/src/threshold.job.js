import { butterworth, defineJob, SosFilter } from 'dareplane-utils/signal'

/** The root mean square of each new chunk of one channel within a band; tells when it rises above the threshold. */
export default defineJob(async ({ stream, config: { channel, threshold, band }, every, send, logger }) => {
  const { channels, rateHz, channelNames } = stream
  const filter = new SosFilter(butterworth({ order: 4, band, sampleRateHz: rateHz }), { channels })
  let wasAbove = false
  let rms = 0
  every(1, () => logger.info({ channel: channelNames[channel], rms }, 'power'))
  for await (const { data, frames, lost } of stream.windows()) {
    if (lost > 0) logger.warn({ missing: lost }, 'too slow, samples are missing')
    const filtered = filter.process(data)
    let sum = 0
    for (let i = channel; i < filtered.length; i += channels) sum += filtered[i] ** 2
    rms = Math.sqrt(sum / frames)
    if (rms > threshold && !wasAbove) send({ rms })
    wasAbove = rms > threshold
  }
})
