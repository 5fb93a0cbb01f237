import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { localClock } from '../../clock.js'
import { resolveByProp } from '../../lsl/resolve.js'
import { StreamInfo } from '../../lsl/stream-info.js'
import { StreamInlet } from '../../lsl/stream-inlet.js'
import { StreamOutlet } from '../../lsl/stream-outlet.js'

const SAMPLES = 100
const EVERY_MS = 5
const LIMIT_S = 5

/** What became of samples sent from this process to itself. */
export interface SelfTest {
  readonly sent: number
  readonly received: number
  readonly foundAfterS: number
  readonly medianLatencyS: number
}

/**
 * Sends samples through an outlet and an inlet of this process and checks every value. Throws where the stream is not
 * found, not heard or not what was sent; takes at most three times 5 s.
 */
export async function selfTest(): Promise<SelfTest> {
  const name = `dareplane-doctor-${randomUUID()}`
  await using outlet = new StreamOutlet(new StreamInfo({ name, channelCount: 1, channelFormat: 'int32' }))
  const startS = localClock()
  const [info] = await resolveByProp('name', name, { timeoutS: LIMIT_S })
  const foundAfterS = localClock() - startS
  if (info === undefined) throw new Error(`its own stream did not answer within ${LIMIT_S} s`)
  await using inlet = new StreamInlet(info)
  await inlet.open(LIMIT_S)
  if (!(await outlet.waitForConsumers(LIMIT_S)))
    throw new Error(`its own stream could not be heard within ${LIMIT_S} s`)

  const latencies: number[] = []
  const endS = localClock() + LIMIT_S
  for (let sent = 0; sent < SAMPLES || (latencies.length < SAMPLES && localClock() < endS);) {
    if (sent < SAMPLES) outlet.pushSample([sent++])
    const { data, times } = await inlet.pullChunk({ timeoutS: EVERY_MS / 1000 })
    times.forEach((time, i) => {
      if (data[i] !== latencies.length) throw new Error(`sample ${latencies.length} came back as ${String(data[i])}`)
      latencies.push(localClock() - time)
    })
    await delay(1)
  }
  if (latencies.length < SAMPLES) throw new Error(`only ${latencies.length} of ${SAMPLES} samples came back`)
  latencies.sort((a, b) => a - b)
  return { sent: SAMPLES, received: latencies.length, foundAfterS, medianLatencyS: latencies[SAMPLES / 2] ?? NaN }
}
