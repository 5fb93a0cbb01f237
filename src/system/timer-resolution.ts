import { koffi } from './koffi.js'
import { platform } from './platform.js'

/** Asks Windows for timers of that many milliseconds. */
type Begin = (ms: number) => unknown

let isAsked = false

/**
 * Timers of Windows go in steps of 15.6 ms unless a program asks for shorter ones; elsewhere they are fine as they are. Asks once
 * in a thread; 0 asks for nothing. Does not throw.
 */
export function askForFineTimers(ms: number, begin?: Begin): void {
  if (isAsked || ms === 0 || platform() !== 'windows') return
  isAsked = true
  try {
    const ask = begin ?? (koffi().load('winmm.dll').func('uint32 timeBeginPeriod(uint32 ms)') as Begin)
    ask(ms)
  } catch {
    // Without koffi timers stay coarse: docs/platforms.md says what that costs.
  }
}
