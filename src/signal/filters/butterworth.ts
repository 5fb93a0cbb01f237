import { amount, options, required, whole } from '../../check.js'
import { band, belowNyquist, rate } from '../check.js'
import { add, complex, divide, multiply, scale, squareRoot, subtract } from './complex.js'
import type { Complex } from './complex.js'
import { isStable } from './section.js'
import type { Section } from './section.js'

/** The highest order that is compared with scipy. */
const HIGHEST_ORDER = 12

/** Order and edges of a filter: a band-pass, a low-pass or a high-pass. */
export interface ButterworthOptions {
  /** 1 to 12. A band-pass of order n has 2 n poles, as in scipy. */
  readonly order: number
  readonly sampleRateHz: number
  /** Passes from the first to the second frequency, Hz. Exactly one of `band`, `lowpassHz` and `highpassHz` must be given. */
  readonly band?: readonly [lowHz: number, highHz: number]
  /** Passes what is below, Hz. */
  readonly lowpassHz?: number
  /** Passes what is above, Hz. */
  readonly highpassHz?: number
}

const checked = options<ButterworthOptions>(
  'butterworth',
  'butterworth({ order: 4, band: [8, 12], sampleRateHz: 250 })',
  {
    order: required(whole({ from: 1, to: HIGHEST_ORDER })),
    sampleRateHz: rate,
    band,
    lowpassHz: amount('Hz', { above: 0 }),
    highpassHz: amount('Hz', { above: 0 }),
  },
)

/** Two poles of one section: both real, or conjugate. */
type PolePair = readonly [Complex, Complex]

const conjugates = (pole: Complex): PolePair => [pole, complex(pole.re, -pole.im)]

/**
 * The design of a Butterworth filter, with the transfer function of `scipy.signal.butter(order, ..., output='sos', fs=...)`.
 * The sections may be paired in another way; the poles are computed in scipy's order of operations, because of a low
 * band at a high rate the last digit of a coefficient changes the seventh digit of the response. Throws RangeError for a frequency that is not between 0 and half of the rate.
 */
export function butterworth(options: ButterworthOptions): Section[] {
  const { order, sampleRateHz, band, lowpassHz, highpassHz } = checked(options)
  if ([band, lowpassHz, highpassHz].filter(given => given !== undefined).length !== 1) {
    throw new TypeError('butterworth takes exactly one of band, lowpassHz and highpassHz')
  }
  // The frequency of the analogue filter that the bilinear transform (at rate 2) moves to `hz`.
  const warped = (option: string, hz: number): number => {
    belowNyquist(option, hz, sampleRateHz)
    return 4 * Math.tan((Math.PI * hz) / sampleRateHz)
  }

  let sections: Section[]
  if (band !== undefined) {
    sections = bandPass(order, warped('band', band[0]), warped('band', band[1]))
  } else if (lowpassHz !== undefined) sections = lowPass(order, warped('lowpassHz', lowpassHz))
  else sections = highPass(order, warped('highpassHz', highpassHz ?? NaN))

  if (!sections.every(isStable)) {
    throw new RangeError(
      `order ${order} is not stable for so low or narrow a band at ${sampleRateHz} Hz: lower the order, or decimate first`,
    )
  }
  // The poles nearest to the unit circle come last, as in scipy: what amplifies most gets what is already filtered.
  return sections.sort((one, other) => one[5] - other[5])
}

/** The poles of the analogue low-pass at 1 rad/s: the upper one of each conjugate pair and, for an odd order, the real one. */
function prototype(order: number): Complex[] {
  return Array.from({ length: Math.ceil(order / 2) }, (_, k) => {
    const angle = (Math.PI * (order - 1 - 2 * k)) / (2 * order)
    return complex(-Math.cos(angle), Math.sin(angle))
  })
}

const isReal = (order: number, k: number): boolean => 2 * k === order - 1

function lowPass(order: number, edge: number): Section[] {
  return prototype(order).map((pole, k) =>
    isReal(order, k)
      ? firstOrder(-edge, edge / (4 + edge), 1)
      : section(conjugates(scale(pole, edge)), gain => [gain, 2 * gain, gain], edge * edge),
  )
}

function highPass(order: number, edge: number): Section[] {
  return prototype(order).map((pole, k) =>
    isReal(order, k)
      ? firstOrder(-edge, 4 / (4 + edge), -1)
      : section(conjugates(divide(complex(edge), pole)), gain => [gain, -2 * gain, gain], 16),
  )
}

/** Each section has a zero at 0 Hz and one at half of the rate, so that the first one already removes an offset. */
function bandPass(order: number, low: number, high: number): Section[] {
  const width = high - low
  const centre = Math.sqrt(low * high)
  return prototype(order)
    .flatMap((pole, k) => bandPassPairs(scale(pole, width / 2), centre * centre, isReal(order, k)))
    .map(pair => section(pair, gain => [gain, 0, -gain], 4 * width))
}

/** The poles of the band-pass that one pole of the prototype and its conjugate become: one pair of the real one, else two. */
function bandPassPairs(half: Complex, centre2: number, real: boolean): PolePair[] {
  const root = squareRoot(subtract(multiply(half, half), complex(centre2)))
  const plus = add(half, root)
  const minus = subtract(half, root)
  return real ? [[plus, minus]] : [conjugates(plus), conjugates(minus)]
}

/** The bilinear transform, at rate 2. */
const bilinear = (pole: Complex): Complex => divide(add(complex(4), pole), subtract(complex(4), pole))

function section(
  [one, other]: PolePair,
  numerator: (gain: number) => readonly [number, number, number],
  analogueGain: number,
): Section {
  const [u, v] = [bilinear(one), bilinear(other)]
  const gain = analogueGain / multiply(subtract(complex(4), one), subtract(complex(4), other)).re
  return [...numerator(gain), 1, -(u.re + v.re), multiply(u, v).re]
}

function firstOrder(pole: number, gain: number, sign: 1 | -1): Section {
  return [gain, sign * gain, 0, 1, -bilinear(complex(pole)).re, 0]
}
