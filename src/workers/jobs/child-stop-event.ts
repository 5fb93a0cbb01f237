import { StopEvent } from '../../stop-event.js'

/**
 * The StopEvent of a Node program that runs as a subprocess job: set when the job is to stop, by a signal or
 * by the end of its channel. Call it once, at the start;
 * from then on the program has to leave by itself when the event is set, or is killed after the job's time limit.
 */
export function childStopEvent(): StopEvent {
  const stopEvent = new StopEvent()
  const set = (): void => stopEvent.set()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) process.on(signal, set)
  process.once('disconnect', set)
  // The channel was closed before this was called. A process that was started without one has no such property.
  if ('connected' in process && !process.connected) set()
  return stopEvent
}
