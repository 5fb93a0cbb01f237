import { bandPower, defineJob } from 'dareplane-utils/signal'

export default defineJob(async ({ stream, config, logger }) => {
  const { channels, rateHz } = stream
  for await (const { data } of stream.windows({ minFrames: rateHz })) {
    const alpha = bandPower(data, { band: [8, 12], channels, sampleRateHz: rateHz })
    logger.info({ alpha: alpha[Number(config.channel)] }, 'alpha power of the last second')
  }
})
