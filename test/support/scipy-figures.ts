import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Section } from '../../src/signal/filters/section.js'
import { testFolder } from './project.js'

interface Signal {
  readonly input: number[]
  readonly channels: number
}

/** What test/interop/scipy_figures.py writes. */
export interface ScipyFigures {
  readonly designs: {
    order: number
    rate: number
    kind: 'band' | 'lowpass' | 'highpass'
    edges: number | [number, number]
    hz: number[]
    response: [number, number][]
  }[]
  readonly notches: { rate: number; hz: number; q: number; section: number[] }[]
  readonly filtered: (Signal & { sections: Section[]; zero: number[]; steady: number[] })[]
  readonly longRun: { sections: Section[]; every: number; output: number[]; rms: number }
  readonly spectra: Signal & {
    rate: number
    cases: {
      segment: number
      overlap: number
      window: 'hann' | 'boxcar'
      detrend: 'constant' | 'linear' | 'none'
      frequencies: number[]
      power: number[]
    }[]
  }
  readonly decimated: (Signal & { factor: number; output: number[] })[]
  readonly rolled: Signal & { n: number; mean: number[]; sd: number[] }
  readonly detrended: Signal & { constant: number[]; linear: number[] }
}

export const scipy = JSON.parse(readFileSync(join(testFolder, 'signal', 'scipy-figures.json'), 'utf8')) as ScipyFigures

/** The largest difference of two lists, divided by the largest value of the second. */
export function worstRelative(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Infinity
  let difference = 0
  let size = 0
  for (let i = 0; i < ours.length; i++) {
    const apart = Math.abs((ours[i] ?? NaN) - (theirs[i] ?? NaN))
    difference = apart <= difference ? difference : apart
    size = Math.max(size, Math.abs(theirs[i] ?? NaN))
  }
  return size === 0 ? difference : difference / size
}

/** The frequency response of sections, real and imaginary part, in powers of 1/z - 1: near z = 1 nothing cancels. */
export function response(sections: readonly Section[], hz: number, rate: number): [re: number, im: number] {
  const [s, c] = [Math.sin((Math.PI * hz) / rate), Math.cos((Math.PI * hz) / rate)]
  const [d, e] = [-2 * s * s, -2 * s * c]
  const at = (p0: number, p1: number, p2: number): [number, number] => {
    const [level, slope] = [p1 + p2 + p0, p1 + 2 * p2]
    return [level + slope * d + p2 * (d * d - e * e), slope * e + p2 * 2 * d * e]
  }
  return sections.reduce<[number, number]>(
    ([re, im], [b0, b1, b2, , a1, a2]) => {
      const [nr, ni] = at(b0, b1, b2)
      const [dr, di] = at(1, a1, a2)
      const size = dr * dr + di * di
      const [qr, qi] = [(nr * dr + ni * di) / size, (ni * dr - nr * di) / size]
      return [re * qr - im * qi, re * qi + im * qr]
    },
    [1, 0],
  )
}
