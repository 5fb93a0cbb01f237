// What every word of the stressed rings holds, and the seeded random numbers that drive them.

/** Mulberry32: numbers from 0 to 1. */
export function randomOf(seed) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let h = Math.imul(state ^ (state >>> 15), state | 1)
    h = (h + Math.imul(h ^ (h >>> 7), h | 61)) ^ h
    return ((h ^ (h >>> 14)) >>> 0) / 2 ** 32
  }
}

/** 32 bits that depend on all bits of both. */
export function hash(index, channel) {
  let h = Math.imul(index ^ Math.floor(index / 2 ** 32) ^ Math.imul(channel + 1, 0x9e3779b1), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** The value of a channel in a frame, by format. */
export const valueOf = {
  int8: (index, channel) => (hash(index, channel) << 24) >> 24,
  int16: (index, channel) => (hash(index, channel) << 16) >> 16,
  int32: hash,
  float32: (index, channel) => Math.fround(hash(index, channel)),
  // All bits of the fraction, so that a torn value shows.
  double64: (index, channel) => hash(index, channel) * 2 ** 20 + (hash(index, channel + 1) >>> 12),
  int64: (index, channel) => BigInt(hash(index, channel)) * 0x1_0000_0001n,
  string: (index, channel) => {
    const h = hash(index, channel)
    const text = `${index}/${channel}/${h}é`.repeat(2)
    return text.slice(0, (h >>> 8) % 24)
  },
}

/** The time of a frame. */
export const timeOf = index => index * 0.001
