/**
 * The LSL clock of this machine: monotonic seconds, the same source as `lsl_local_clock` (CLOCK_MONOTONIC on Linux), so
 * stamps of this process, of its threads and of liblsl peers on this machine compare directly. Any thread; never blocks.
 */
export function localClock(): number {
  const [s, ns] = process.hrtime()
  return s + ns * 1e-9
}
