import { RingReader } from 'dareplane-utils'

export default function power({ kwargs, stopEvent, rings, logger }) {
  const ring = RingReader.attach(rings[0])
  while (!stopEvent.isSet) {
    if (!ring.wait(50)) continue
    const { data, channels, frames } = ring.takeNew()
    let sum = 0
    for (let i = kwargs.channel; i < data.length; i += channels) sum += data[i] ** 2
    logger.info({ power: sum / frames }, 'power')
  }
}
