import type { WindowData } from '../../ring/window.js'
import type { StreamWatcher } from '../../stream-watcher.js'
import type { ConnectOptions } from '../../workers/watcher/stream-identifier.js'

/** Connects a watcher; answers false if `signal` ended the search, which is no failure: Ctrl-C while it looks for the stream. */
export async function connectUnless(
  signal: AbortSignal,
  watcher: StreamWatcher<WindowData>,
  options: ConnectOptions,
): Promise<boolean> {
  const giveUp = (): void => void watcher.disconnect()
  signal.addEventListener('abort', giveUp)
  try {
    await watcher.connectToStream(options)
    return !signal.aborted
  } catch (error) {
    if (signal.aborted) return false
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
