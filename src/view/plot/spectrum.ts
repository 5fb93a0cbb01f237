import FFT from 'fft.js'

const LONGEST_FRAMES = 65_536

/** The power density of the newest samples of one channel. */
export interface Spectrum {
  readonly binHz: number
  readonly seconds: number
  /** 10 log10 of the power density, unit²/Hz, from 0 Hz on. */
  readonly db: number[]
}

/**
 * Power density by Welch's method: segments of a power of two with a Hann window, overlapping by half, their means removed.
 * undefined where there is too little, or anything in it that is not a number.
 */
export function spectrumOf(values: ArrayLike<number>, srate: number): Spectrum | undefined {
  const frames = Math.min(values.length, LONGEST_FRAMES)
  const size = 2 ** Math.floor(Math.log2(Math.min(frames, 2 ** Math.ceil(Math.log2(2 * srate)))))
  if (!(size >= 16)) return undefined
  const fft = new FFT(size)
  const window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size))
  const scale = 1 / (srate * window.reduce((sum, w) => sum + w * w, 0))
  const power = new Float64Array(size / 2 + 1)
  const segment = new Array<number>(size)
  const out = fft.createComplexArray()
  let segments = 0
  // Segments are taken from the newest value back, so that only the oldest values can be left over.
  for (let end = values.length; end - size >= values.length - frames; end -= size / 2, segments++) {
    let mean = 0
    for (let i = 0; i < size; i++) mean += (values[end - size + i] ?? NaN) / size
    for (let i = 0; i < size; i++) segment[i] = ((values[end - size + i] ?? NaN) - mean) * (window[i] ?? 0)
    fft.realTransform(out, segment)
    for (let bin = 0; bin <= size / 2; bin++) {
      const re = out[2 * bin] ?? 0
      const im = out[2 * bin + 1] ?? 0
      const sides = bin === 0 || bin === size / 2 ? 1 : 2
      power[bin] = (power[bin] ?? 0) + sides * (re * re + im * im) * scale
    }
  }
  const db = Array.from(power, p => Math.round(100 * Math.log10(Math.max(p / segments, 1e-30))) / 10)
  if (db.some(Number.isNaN)) return undefined
  return { binHz: srate / size, seconds: (size * (segments + 1)) / 2 / srate, db }
}
