const EXTREMES = [0, 1, 2, 8, 10, 13, 32, 127, 128, 255]

/** `sample` with one to eight random changes: bytes flipped, cut out, doubled or put in, the end cut off. */
export function mutate(sample, random) {
  let bytes = Buffer.from(sample)
  const at = () => Math.floor(random() * (bytes.byteLength + 1))
  for (let changes = 1 + Math.floor(random() * 8); changes > 0; changes--) {
    const [a, b] = [at(), at()].sort((x, y) => x - y)
    const part = bytes.subarray(a, b)
    switch (Math.floor(random() * 6)) {
      case 0:
        if (a < bytes.byteLength) bytes[a] ^= 1 << Math.floor(random() * 8)
        break
      case 1:
        if (a < bytes.byteLength) bytes[a] = EXTREMES[Math.floor(random() * EXTREMES.length)]
        break
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)])
        break
      case 3:
        if (bytes.byteLength < 4096) bytes = Buffer.concat([bytes.subarray(0, b), part, bytes.subarray(b)])
        break
      case 4:
        bytes = Buffer.concat([
          bytes.subarray(0, a),
          Buffer.from(Array.from({ length: 4 }, () => random() * 256)),
          bytes.subarray(a),
        ])
        break
      default:
        if (random() < 0.2) bytes = bytes.subarray(0, a)
    }
  }
  return bytes
}
