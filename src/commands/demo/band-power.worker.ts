import { RingReader } from '../../ring/ring-reader.js'
import type { Window } from '../../ring/window.js'
import { bandPower } from '../../signal/band-power.js'
import type { JobContext } from '../../workers/jobs/job.js'
import { DemoResults } from './demo-results.js'

const ALPHA = [8, 12] as const
/** A stop is heard after one of these even when the stream is silent. */
const LONGEST_WAIT_MS = 20

/** The demo's job: alpha power of the newest second, computed in its own thread on the ring that the watcher fills. */
export default function bandPowerJob({
  kwargs,
  stopEvent,
  rings,
  logger,
}: JobContext<{ results: SharedArrayBuffer }>): void {
  const [ring] = rings
  if (ring === undefined) throw new TypeError('rings must hold the ring of the EEG')
  const reader = RingReader.attach(ring)
  const results = new DemoResults(kwargs.results)
  const srate = reader.nominalSrate || 1
  const windowFrames = Math.min(reader.frames, Math.max(1, Math.round(srate)))
  const hasAlpha = srate >= 2 * ALPHA[1]
  if (!hasAlpha) logger.warn({ srate }, 'the stream is too slow to tell alpha power')
  logger.info({ windowFrames, srate }, 'band power job runs')
  while (!stopEvent.isSet && !reader.closed) {
    if (!reader.wait(LONGEST_WAIT_MS)) continue
    const taken = reader.takeNew()
    const window = reader.latest(windowFrames)
    const power = hasAlpha ? alphaOfLastChannel(window, srate) : NaN
    // Overtaken while computing: the frames are counted, the power is not to be trusted.
    results.add(taken.frames, taken.lost, window.isIntact() ? power : NaN)
  }
}

function alphaOfLastChannel({ data, frames, channels }: Window, sampleRateHz: number): number {
  const channel = Float64Array.from({ length: frames }, (_, frame) => Number(data[(frame + 1) * channels - 1]))
  return bandPower(channel, { sampleRateHz, band: ALPHA })[0] ?? NaN
}
