import { ClockMap } from './clock-map.js'
import type { ClockOffset } from './clock-map.js'
import { Dejitter } from './dejitter.js'
import { believed } from './last-offset.js'
import type { XdfChunk, XdfStreamHeader } from '../recorded-chunks.js'

/** Which stamps reading delivers. Without either: as they are in the file. */
export interface StampOptions {
  /** Puts the stamps of all streams on the recorder's clock, by the recorded clock offsets. Default true, as pyxdf does. */
  readonly synchronizeClocks?: boolean
  /** Replaces the stamps of regular streams by evenly spaced ones between two breaks. Default true, as pyxdf does. */
  readonly dejitter?: boolean
}

/** Stamps as they are in the file. */
export const AS_RECORDED: StampOptions = { synchronizeClocks: false, dejitter: false }

interface Survey {
  readonly stream: XdfStreamHeader
  readonly offsets: ClockOffset[]
  frames: number
  footerXml?: string
}

interface Correction {
  readonly clock: ClockMap
  readonly jitter: Dejitter | undefined
  /** Frames behind these are not believed. */
  readonly frames: number
}

/**
 * Corrects the stamps of a recording that is read again for each step of it: a step needs to have seen all of the step before.
 * `readAgain` reads the recording from the start, with the stamps as recorded.
 */
export async function* withCorrectedStamps(
  readAgain: () => AsyncIterable<XdfChunk>,
  { synchronizeClocks = true, dejitter = true }: StampOptions,
): AsyncGenerator<XdfChunk, void, undefined> {
  const corrections = new Map<XdfStreamHeader['id'], Correction>()
  if (synchronizeClocks || dejitter)
    for (const { stream, offsets, frames, footerXml } of await survey(readAgain())) {
      const trusted = synchronizeClocks ? believed(frames, offsets, footerXml) : { frames, offsets: [] }
      const jitter = dejitter ? new Dejitter(stream) : undefined
      corrections.set(stream.id, { clock: new ClockMap(trusted.offsets), jitter, frames: trusted.frames })
    }
  if (dejitter)
    for await (const chunk of onRecorderClock(readAgain(), corrections))
      if (chunk.kind === 'samples') corrections.get(chunk.stream.id)?.jitter?.add(chunk.times)
  for await (const chunk of onRecorderClock(readAgain(), corrections)) {
    if (chunk.kind === 'samples') corrections.get(chunk.stream.id)?.jitter?.apply(chunk.times)
    yield chunk
  }
}

async function survey(chunks: AsyncIterable<XdfChunk>): Promise<Iterable<Survey>> {
  const surveys = new Map<number, Survey>()
  for await (const chunk of chunks) {
    if (chunk.kind === 'stream') surveys.set(chunk.stream.id, { stream: chunk.stream, offsets: [], frames: 0 })
    if (!('stream' in chunk)) continue
    const seen = surveys.get(chunk.stream.id)
    if (seen === undefined) continue
    if (chunk.kind === 'samples') seen.frames += chunk.times.length
    else if (chunk.kind === 'clockOffset') seen.offsets.push({ time: chunk.time, offset: chunk.offset })
    else if (chunk.kind === 'footer') seen.footerXml = chunk.xml
  }
  return surveys.values()
}

async function* onRecorderClock(
  chunks: AsyncIterable<XdfChunk>,
  corrections: ReadonlyMap<number, Correction>,
): AsyncGenerator<XdfChunk> {
  const correctors = new Map(Array.from(corrections, ([id, { clock }]) => [id, clock.corrector()]))
  for await (const chunk of chunks) {
    const kept = chunk.kind === 'samples' ? upTo(chunk, corrections.get(chunk.stream.id)?.frames) : chunk
    if (kept === undefined) continue
    if (kept.kind === 'samples') correctors.get(kept.stream.id)?.(kept.times)
    yield kept
  }
}

/** The part of the samples that lies before frame `end`; undefined if that is none. */
function upTo(chunk: Extract<XdfChunk, { kind: 'samples' }>, end = Infinity): XdfChunk | undefined {
  const frames = Math.min(chunk.times.length, end - chunk.start)
  if (frames === chunk.times.length) return chunk
  if (frames <= 0) return undefined
  const { samples, times, stream } = chunk
  const kept = Array.isArray(samples) ? samples.slice(0, frames) : samples.subarray(0, frames * stream.channelCount)
  return { ...chunk, samples: kept, times: times.subarray(0, frames) }
}
