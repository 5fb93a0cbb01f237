/*
 * How much engines are asked to keep for who does not keep up. liblsl counts outlets' buffers in whole seconds, takes memory for
 * all of it at once, and hangs where it comes to less than two samples.
 */

/** What liblsl takes "seconds" of an irregular stream for. */
const IRREGULAR_SAMPLES_PER_S = 100
/** Fewer are no buffer: a sender that is faster than its wire for a moment would lose samples. */
const FEWEST_SAMPLES = 32
const MOST_SAMPLES = 2 ** 24
const MOST_SECONDS = 2 ** 31 - 1
/** liblsl waits for ever in a queue of one. */
const SHORTEST_QUEUE = 2

/** Samples that an outlet keeps for a slow inlet. */
export function outletSamples(maxBufferedS: number, nominalSrate: number): number {
  const samples = Math.ceil(maxBufferedS * (nominalSrate || IRREGULAR_SAMPLES_PER_S))
  return Math.min(MOST_SAMPLES, Math.max(FEWEST_SAMPLES, samples))
}

/** The same in whole seconds, as liblsl wants it. */
export function outletSeconds(maxBufferedS: number, nominalSrate: number): number {
  return wholeSeconds(outletSamples(maxBufferedS, nominalSrate), nominalSrate)
}

/** Samples that an inlet of liblsl keeps for a slow reader, and asks its sender to keep. */
export function inletSamples(queueFrames: number): number {
  return Math.min(MOST_SAMPLES, Math.max(SHORTEST_QUEUE, queueFrames))
}

/** The same for a library that counts in seconds. */
export function inletSeconds(queueFrames: number, nominalSrate: number): number {
  return wholeSeconds(inletSamples(queueFrames), nominalSrate)
}

function wholeSeconds(samples: number, nominalSrate: number): number {
  return Math.min(MOST_SECONDS, Math.max(1, Math.ceil(samples / (nominalSrate || IRREGULAR_SAMPLES_PER_S))))
}
