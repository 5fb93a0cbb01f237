import type { StreamWatcher } from '../../stream-watcher.js'
import type { StreamIdentifier } from '../../workers/watcher-api.js'

/** Connects a watcher; answers false if `signal` ended the search, which is no failure: Ctrl-C while it looks for the stream. */
export async function connectUnless(
  signal: AbortSignal,
  watcher: StreamWatcher,
  identifier: StreamIdentifier,
): Promise<boolean> {
  const giveUp = (): void => void watcher.disconnect()
  signal.addEventListener('abort', giveUp)
  try {
    await watcher.connectToStream(identifier)
    return !signal.aborted
  } catch (error) {
    if (signal.aborted) return false
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
