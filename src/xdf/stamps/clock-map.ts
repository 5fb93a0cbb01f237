import { robustLine } from './robust-line.js'
import type { Line } from './robust-line.js'

/** One clock measurement of the recorder, both in seconds: add `offset` to stamps near `time` to reach the recorder's clock. */
export interface ClockOffset {
  readonly time: number
  readonly offset: number
}

/** Offsets further from the line than that, in seconds, are treated as outliers. */
const WINSOR_S = 1e-4
/** 30,000 years. */
const MOST_S = 1e12
/** A reset is a step in time and in value that is large both in seconds and in deviations from the usual step. */
const RESET = { time: { deviations: 5, seconds: 5 }, value: { deviations: 10, seconds: 1 } }

interface Piece extends Line {
  /** The times of the last offset of this piece and of the first one of the next: a stamp belongs to the nearer of them. */
  readonly end: number
  readonly next: number
}

/**
 * Puts the stamps of one stream on the recorder's clock, as pyxdf does by default: a robust line through the clock offsets
 * between two resets of the clock.
 */
export class ClockMap {
  readonly #pieces: readonly Piece[]

  constructor(measured: readonly ClockOffset[]) {
    // One that is no number, or no time of any clock, would spoil all stamps.
    const offsets = measured.filter(({ time, offset }) => Math.abs(time) < MOST_S && Math.abs(offset) < MOST_S)
    this.#pieces = resetFree(offsets).map(([first, last]) => ({
      ...lineThrough(offsets.slice(first, last + 1)),
      end: offsets[last]?.time ?? NaN,
      next: offsets[last + 1]?.time ?? NaN,
    }))
  }

  /** A function that corrects stamps in place; give it all stamps of the stream, in the order of the recording. */
  corrector(): (times: Float64Array) => void {
    const pieces = this.#pieces
    const last = pieces.length - 1
    let current = 0
    return times => {
      for (let i = 0; i < times.length; i++) {
        const time = times[i] ?? NaN
        let piece = pieces[current]
        while (piece !== undefined && current < last && Math.abs(time - piece.end) >= Math.abs(time - piece.next))
          piece = pieces[++current]
        if (piece !== undefined) times[i] = time + (piece.intercept + piece.slope * time)
      }
    }
  }
}

function lineThrough(offsets: readonly ClockOffset[]): Line {
  const [first] = offsets
  if (first === undefined) return { intercept: 0, slope: 0 }
  if (offsets.length === 1) return { intercept: first.offset, slope: 0 }
  const scaled = robustLine(
    offsets.map(({ time }) => time / WINSOR_S),
    offsets.map(({ offset }) => offset / WINSOR_S),
  )
  return scaled === undefined ? { intercept: 0, slope: 0 } : { ...scaled, intercept: scaled.intercept * WINSOR_S }
}

/** The offsets between two resets of the sender's clock. */
function resetFree(offsets: readonly ClockOffset[]): (readonly [first: number, last: number])[] {
  if (offsets.length === 0) return []
  const timeSteps = steps(offsets.map(({ time }) => time))
  const late = outliers(timeSteps, RESET.time)
  const moved = outliers(steps(offsets.map(({ offset }) => offset)), RESET.value)
  return segmentsAt(timeSteps.map((step, i) => step < 0 || (late[i] === true && moved[i] === true)))
}

function outliers(
  values: readonly number[],
  { deviations, seconds }: { deviations: number; seconds: number },
): boolean[] {
  const middle = median(values)
  const shifts = values.map(value => Math.abs(value - middle))
  const deviation = median(shifts) + Number.EPSILON
  return shifts.map(shift => shift / deviation > deviations && shift > seconds)
}

/** First and last element between breaks: `breaks[i]` lies between elements i and i + 1. */
function segmentsAt(breaks: readonly boolean[]): (readonly [number, number])[] {
  const segments: (readonly [number, number])[] = []
  let first = 0
  breaks.forEach((isBreak, i) => {
    if (!isBreak) return
    segments.push([first, i])
    first = i + 1
  })
  return [...segments, [first, breaks.length]]
}

/** The differences between neighbours. */
export function steps(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value - (values[i] ?? NaN))
}

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[half] ?? NaN) : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2
}
