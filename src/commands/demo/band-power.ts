/** Mean power of one channel in a band: the squared amplitudes of the window's Fourier components from `lowHz` to `highHz`. */
export function bandPower(
  samples: ArrayLike<number>,
  shape: { readonly frames: number; readonly channels: number; readonly channel: number; readonly srate: number },
  [lowHz, highHz]: readonly [number, number],
): number {
  const { frames, channels, channel, srate } = shape
  const first = Math.max(1, Math.ceil((lowHz * frames) / srate))
  const last = Math.floor((highHz * frames) / srate)
  let power = 0
  for (let bin = first; bin <= last; bin++) {
    let re = 0
    let im = 0
    for (let frame = 0; frame < frames; frame++) {
      const value = samples[frame * channels + channel] ?? 0
      const angle = (2 * Math.PI * bin * frame) / frames
      re += value * Math.cos(angle)
      im -= value * Math.sin(angle)
    }
    power += 2 * ((re / frames) ** 2 + (im / frames) ** 2)
  }
  return power
}
