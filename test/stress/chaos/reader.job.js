// A worker job that reads the module's ring until it is stopped. What it finds missing becomes an ERROR in the log.
import { RingReader } from '../../../src/index.js'
import { Sequence } from './sequence.js'

export default ({ rings, stopEvent, logger }) => {
  const reader = RingReader.attach(rings[0])
  reader.cursor = reader.written()
  const seen = new Sequence({ whole: false })
  while (!stopEvent.isSet) {
    reader.wait(50)
    const { data, frames, channels, lost } = reader.takeNew()
    for (let i = 0; i < frames; i++) seen.add(data[channels * i], data[channels * i + 1])
    // A stopped module catches up at once; the ring holds more than that.
    if (lost + seen.lost + seen.double > 0) {
      logger.error({ ...seen.figures, lapped: lost }, 'fault in a job')
      return
    }
  }
}
