import type { StreamDescription } from '../../wire/status.js'

export const SPANS = [0.5, 1, 2, 5, 10, 20, 30, 60]
export const FILTERS: readonly (readonly [label: string, highPass: number, lowPass: number])[] = [
  ['none', 0, 0],
  ['0.1 Hz up', 0.1, 0],
  ['1–40 Hz', 1, 40],
  ['4–30 Hz', 4, 30],
  ['8–13 Hz', 8, 13],
  ['20–200 Hz', 20, 200],
]
const SCALES = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap(power => [
  power,
  2 * power,
  5 * power,
])
const BRAIN = /eeg|ecog|ieeg|seeg|lfp|meg/i

/** What is chosen for the traces of one stream. */
export interface SignalChoices {
  readonly span: number
  /** Half a lane; 'each': every channel fills its own lane. */
  readonly scale: number | 'auto' | 'each'
  /** Which of {@link FILTERS}. */
  readonly filter: number
  readonly reference: 'none' | 'average'
  readonly hidden: ReadonlySet<number>
}

/** What a stream is shown with at first. */
export function firstChoices({ type, nominalSrate }: StreamDescription): SignalChoices {
  const filter = BRAIN.test(type) && nominalSrate > 80 ? 2 : 1
  return { span: 5, scale: 'auto', filter, reference: 'none', hidden: new Set() }
}

/** The scales around the one that is on. */
export function scalesNear(scale: number | 'each' | undefined): readonly number[] {
  const middle = typeof scale === 'number' ? scale : 1
  return SCALES.filter(each => each > middle / 150 && each < middle * 150)
}
