import type { SampleArray } from '../../channel-format.js'
import { DareplaneError } from '../../errors.js'
import { RingBuffer } from '../../ring/ring-buffer.js'
import { butterworth } from './butterworth.js'
import { object, oneOf, options, required, seconds, whole } from '../../check.js'
import { rate, sampleCount, wholeFrames } from '../check.js'
import { movingAverage } from './moving-average.js'
import type { MovingAverage } from './moving-average.js'
import { OwnOutput } from '../own-output.js'
import { SosFilter } from './sos-filter.js'

/** The bands, and what is kept of each; names as in Python. */
export interface FilterBankOptions {
  /** Name and edges of each band, Hz: `{ alpha: [8, 12], beta: [12, 30] }`. */
  readonly bands: Readonly<Record<string, readonly [lowHz: number, highHz: number]>>
  /** Of the Butterworth band-passes. Default 8, as in Python. */
  readonly order?: number
  /** Sampling rate, Hz. Default 1000, as in Python. */
  readonly sfreq?: number
  /** The filtered signal, its square, or the moving average of its absolute values. Default 'signal'. */
  readonly output?: 'signal' | 'square' | 'absMa'
  /** Default 1. */
  readonly nInChannels?: number
  /** Seconds of output that are kept until they are taken. Default 1. */
  readonly filterBufferS?: number
  /** Samples that 'absMa' averages. Default 5. */
  readonly nLookback?: number
  /** The only one there is. */
  readonly filterType?: 'butter'
}

/** What {@link FilterBank.takeNew} takes. */
export interface FilteredWindow {
  /** Frames x channels x bands, row-major. Valid until the next filter(). */
  readonly data: Float64Array
  readonly times: Float64Array
  readonly frames: number
}

const checked = options<FilterBankOptions>('FilterBank', 'new FilterBank({ bands: { alpha: [8, 12] }, sfreq: 250 })', {
  bands: required(object),
  order: whole({ from: 1, to: 12 }),
  sfreq: rate,
  output: oneOf('signal', 'square', 'absMa'),
  nInChannels: whole({ from: 1 }),
  filterBufferS: seconds({ above: 0 }),
  nLookback: sampleCount,
  filterType: oneOf('butter'),
})

/**
 * Several band-passes over the same channels, with a buffer for their output: the FilterBank of Python's dareplane_utils, with its
 * names. It differs from it where Python's is wrong: see docs/signal.md. One thread.
 */
export class FilterBank {
  readonly bands: FilterBankOptions['bands']
  readonly sfreq: number
  readonly nInChannels: number
  readonly nLookback: number
  #nNew = 0
  readonly #filters: readonly SosFilter[]
  readonly #square: boolean
  readonly #average: MovingAverage | undefined
  /** Frames x (channels x bands). */
  readonly #ring: RingBuffer<Float64Array>
  readonly #filtered = new OwnOutput()
  readonly #rows = new OwnOutput()

  constructor(options: FilterBankOptions) {
    const { bands, order = 8, sfreq = 1000, output = 'signal', nInChannels = 1, nLookback = 5 } = checked(options)
    const edges = Object.values(bands)
    if (edges.length === 0) throw new RangeError('bands must name at least one band: { alpha: [8, 12] }')
    this.bands = bands
    this.sfreq = sfreq
    this.nInChannels = nInChannels
    this.nLookback = nLookback
    const frames = Math.max(1, Math.trunc(sfreq * (options.filterBufferS ?? 1)))

    const channels = this.nInChannels
    this.#filters = edges.map(
      band => new SosFilter(butterworth({ order, band, sampleRateHz: this.sfreq }), { channels }),
    )
    this.#square = output === 'square'
    const columns = channels * edges.length
    if (output === 'absMa')
      this.#average = movingAverage({ nSamples: this.nLookback, channels: columns, absolute: true })
    this.#ring = RingBuffer.allocate<Float64Array>({ frames, channels: columns, format: 'double64' })
  }

  /** Samples filtered and not taken. Settable, as Python modules do: 0 when all were used. */
  get nNew(): number {
    return this.#nNew
  }

  set nNew(samples: number) {
    whole({ from: 0 })('nNew', samples)
    this.#nNew = samples
  }

  /** Values that were NaN or infinite so far; see {@link SosFilter.invalid}. */
  get invalid(): number {
    return this.#filters[0]?.invalid ?? 0
  }

  /** Filters new frames x channels, with their stamps, into the buffer. Any chunking gives the same output. */
  filter(data: SampleArray, times: Float64Array): void {
    const channels = this.nInChannels
    const frames = wholeFrames('data', data.length, channels)
    if (times.length !== frames)
      throw new RangeError(`times must be one for each of ${frames} frames, got ${times.length}`)
    const bands = this.#filters.length
    const rows = this.#rows.of(data.length * bands)
    const filtered = this.#filtered.of(data.length)
    for (let band = 0; band < bands; band++) {
      this.#filters[band]?.process(data, filtered)
      for (let i = 0; i < filtered.length; i++) rows[i * bands + band] = filtered[i] ?? 0
    }
    if (this.#square) for (let i = 0; i < rows.length; i++) rows[i] = (rows[i] ?? 0) ** 2
    else this.#average?.process(rows, rows)
    this.#ring.addSamples(rows, times)
    this.nNew += frames
  }

  /**
   * The output of the samples since nNew was last set to 0: frames x channels x bands, a view that is valid until the next filter(). Empty when
   * there is nothing new. Throws ERR_FILTER_OVERFLOW, once, if more was filtered than the buffer holds.
   */
  getData(): Float64Array {
    return this.#newest().data
  }

  /** What {@link FilterBank.getData} answers, with its stamps; sets nNew to 0. */
  takeNew(): FilteredWindow {
    const window = this.#newest()
    this.nNew = 0
    return window
  }

  #newest(): FilteredWindow {
    const { frames: capacity, channels } = this.#ring
    const frames = this.nNew
    if (frames > capacity) {
      this.nNew = capacity
      throw new DareplaneError(
        'ERR_FILTER_OVERFLOW',
        `${frames - capacity} of ${frames} filtered samples were overwritten before they were taken: ` +
          `take them more often, or make filterBufferS larger`,
      )
    }
    const data = this.#ring.unfoldBuffer().subarray((capacity - frames) * channels)
    return { data, times: this.#ring.unfoldBufferT().subarray(capacity - frames), frames }
  }
}
