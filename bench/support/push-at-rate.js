import { localClock } from '../../dist/clock.js'

const never = new Int32Array(new SharedArrayBuffer(4))

/** Calls `push` so many times, `rate` times a second, and blocks this thread in between. */
export function pushAtRate(frames, rate, push) {
  const startS = localClock()
  for (let sent = 0; sent < frames; sent++) {
    const waitS = startS + sent / rate - localClock()
    if (waitS > 0) Atomics.wait(never, 0, 0, waitS * 1000)
    push()
  }
}
