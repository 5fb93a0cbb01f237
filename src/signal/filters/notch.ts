import { amount, options, required } from '../../check.js'
import { belowNyquist, rate } from '../check.js'
import type { Section } from './section.js'

/** Which frequency is taken out, and how narrowly. */
export interface NotchOptions {
  /** What is removed, Hz: 50 or 60 for mains. */
  readonly hz: number
  /** `hz` divided by the width of the notch at -3 dB. Default 30. */
  readonly q?: number
  readonly sampleRateHz: number
}

const checked = options<NotchOptions>('notch', 'notch({ hz: 50, sampleRateHz: 250 })', {
  hz: required(amount('Hz', { above: 0 })),
  q: amount('a quality', { above: 0 }),
  sampleRateHz: rate,
})

/** A filter that removes one frequency, as `scipy.signal.iirnotch(hz, q, fs)`: one section. */
export function notch(options: NotchOptions): Section[] {
  const { hz, q = 30, sampleRateHz } = checked(options)
  belowNyquist('hz', hz, sampleRateHz)
  const angle = (2 * Math.PI * hz) / sampleRateHz
  const gain = 1 / (1 + Math.tan(angle / q / 2))
  const middle = -2 * Math.cos(angle) * gain
  return [[gain, middle, gain, 1, middle, 2 * gain - 1]]
}
