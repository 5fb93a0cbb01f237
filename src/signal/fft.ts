import FFT from 'fft.js'

/** The part of fft.js that is used; its own types say `any`. */
interface PowerOfTwo {
  transform(out: Float64Array, data: Float64Array): void
  inverseTransform(out: Float64Array, data: Float64Array): void
}

const powerOfTwo = (size: number): PowerOfTwo => new (FFT as unknown as new (size: number) => PowerOfTwo)(size)

/** Squared magnitudes of the spectrum of `values` from 0 Hz to half of the rate: n / 2 + 1 of them, rounded down. */
export type PowerSpectrum = (values: Float64Array) => Float64Array

/** Prepares the spectrum of `size` real values, of any size. What it answers is overwritten by its next call. */
export function powerSpectrum(size: number): PowerSpectrum {
  const transform = Number.isInteger(Math.log2(size)) && size > 1 ? direct(size) : bluestein(size)
  const power = new Float64Array((size >> 1) + 1)
  return values => {
    const spectrum = transform(values)
    for (let bin = 0; bin < power.length; bin++)
      power[bin] = (spectrum[2 * bin] ?? 0) ** 2 + (spectrum[2 * bin + 1] ?? 0) ** 2
    return power
  }
}

/** Answers the complex spectrum, real and imaginary parts in turn. */
type Transform = (values: Float64Array) => Float64Array

function direct(size: number): Transform {
  const fft = powerOfTwo(size)
  const input = new Float64Array(2 * size)
  const output = new Float64Array(2 * size)
  return values => {
    for (let i = 0; i < size; i++) input[2 * i] = values[i] ?? 0
    fft.transform(output, input)
    return output
  }
}

/** Bluestein's algorithm: a spectrum of any size is a convolution, which a power of two can do that has room for it. */
function bluestein(size: number): Transform {
  const length = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * size)))
  const fft = powerOfTwo(length)
  const chirp = new Float64Array(2 * size)
  const convolver = new Float64Array(2 * length)
  for (let i = 0; i < size; i++) {
    // The square is taken modulo 2 n, where the angle repeats: large angles have few digits left.
    const angle = (Math.PI * ((i * i) % (2 * size))) / size
    chirp[2 * i] = Math.cos(angle)
    chirp[2 * i + 1] = Math.sin(angle)
    for (const at of i === 0 ? [0] : [i, length - i]) {
      convolver[2 * at] = Math.cos(angle)
      convolver[2 * at + 1] = Math.sin(angle)
    }
  }
  const kernel = new Float64Array(2 * length)
  fft.transform(kernel, convolver)
  const work = new Float64Array(2 * length)
  const spectrum = new Float64Array(2 * length)
  return values => {
    work.fill(0)
    for (let i = 0; i < size; i++) {
      work[2 * i] = (values[i] ?? 0) * (chirp[2 * i] ?? 0)
      work[2 * i + 1] = -(values[i] ?? 0) * (chirp[2 * i + 1] ?? 0)
    }
    fft.transform(spectrum, work)
    multiply(spectrum, kernel, 1)
    fft.inverseTransform(work, spectrum)
    multiply(work, chirp, -1)
    return work
  }
}

/** Multiplies the complex numbers of `values` by those of `by`, or with sign -1 by their conjugates, as many as `by` holds. */
function multiply(values: Float64Array, by: Float64Array, sign: 1 | -1): void {
  for (let i = 0; i < by.length; i += 2) {
    const re = values[i] ?? 0
    const im = values[i + 1] ?? 0
    const c = by[i] ?? 0
    const s = sign * (by[i + 1] ?? 0)
    values[i] = re * c - im * s
    values[i + 1] = re * s + im * c
  }
}
