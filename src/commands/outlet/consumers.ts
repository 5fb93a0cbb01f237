import { setTimeout as delay } from 'node:timers/promises'
import { localClock } from '../../clock.js'

const LOOK_EVERY_MS = 10

interface Served {
  readonly haveConsumers: boolean
}

/** Resolves true as soon as every outlet has a consumer, or false after `timeoutS` or an abort. */
export function allHaveConsumers(outlets: readonly Served[], timeoutS: number, signal: AbortSignal): Promise<boolean> {
  return until(() => outlets.every(outlet => outlet.haveConsumers), timeoutS, signal)
}

/** Resolves true as soon as no outlet has a consumer any more, or false after `timeoutS` or an abort. */
export function allConsumersLeft(outlets: readonly Served[], timeoutS: number, signal?: AbortSignal): Promise<boolean> {
  return until(() => !outlets.some(outlet => outlet.haveConsumers), timeoutS, signal)
}

async function until(holds: () => boolean, timeoutS: number, signal?: AbortSignal): Promise<boolean> {
  const end = localClock() + timeoutS
  while (!holds() && localClock() < end && signal?.aborted !== true) await delay(LOOK_EVERY_MS)
  return holds()
}
