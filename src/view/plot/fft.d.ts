/** What the spectrum uses of fft.js, which has no types of its own. */
declare module 'fft.js' {
  export default class FFT {
    constructor(size: number)
    createComplexArray(): number[]
    realTransform(out: number[], data: readonly number[]): void
  }
}
