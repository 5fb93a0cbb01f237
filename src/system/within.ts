import { startTimer } from '../timer.js'

/** What `promise` resolves to, or undefined when `ms` have passed first, which may be for ever. Leaves no timer behind. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<undefined>(resolve => (timer = startTimer(ms, () => resolve(undefined))))
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}
