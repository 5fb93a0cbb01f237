/** A complex number. Only filter design uses these, never the processing of samples. */
export interface Complex {
  readonly re: number
  readonly im: number
}

export const complex = (re: number, im = 0): Complex => ({ re, im })
export const add = (a: Complex, b: Complex): Complex => complex(a.re + b.re, a.im + b.im)
export const subtract = (a: Complex, b: Complex): Complex => complex(a.re - b.re, a.im - b.im)
export const scale = (a: Complex, by: number): Complex => complex(a.re * by, a.im * by)
export const multiply = (a: Complex, b: Complex): Complex =>
  complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)

/** Smith's method, as numpy divides. */
export function divide(a: Complex, b: Complex): Complex {
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const ratio = b.im / b.re
    const by = 1 / (b.re + b.im * ratio)
    return complex((a.re + a.im * ratio) * by, (a.im - a.re * ratio) * by)
  }
  const ratio = b.re / b.im
  const by = 1 / (b.im + b.re * ratio)
  return complex((a.re * ratio + a.im) * by, (a.im * ratio - a.re) * by)
}

/** The square root whose real part is not negative. */
export function squareRoot(a: Complex): Complex {
  const half = Math.sqrt((Math.abs(a.re) + Math.hypot(a.re, a.im)) * 0.5)
  if (half === 0) return complex(0)
  if (a.re >= 0) return complex(half, a.im / (2 * half))
  return complex(Math.abs(a.im) / (2 * half), a.im < 0 ? -half : half)
}
