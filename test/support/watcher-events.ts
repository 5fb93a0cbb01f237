import type { StreamWatcher } from '../../src/stream-watcher.js'
import type { WatcherEvents } from '../../src/workers/watcher/watcher-api.js'

/** The next event of that name. */
export function event<Name extends keyof WatcherEvents>(
  watcher: StreamWatcher,
  name: Name,
): Promise<WatcherEvents[Name][0]> {
  return new Promise(resolve => {
    const heard = (...[detail]: WatcherEvents[Name]): void => {
      watcher.off(name, heard)
      resolve(detail)
    }
    watcher.on(name, heard)
  })
}

/** Every event of that name from now on. */
export function events<Name extends keyof WatcherEvents>(watcher: StreamWatcher, name: Name): WatcherEvents[Name][0][] {
  const all: WatcherEvents[Name][0][] = []
  watcher.on(name, (...[detail]: WatcherEvents[Name]) => void all.push(detail))
  return all
}

/** Resolves once `frames` frames have come. */
export async function firstFrames(watcher: StreamWatcher, frames: number): Promise<void> {
  let seen = 0
  for await (const window of watcher.windows()) if ((seen += window.frames) >= frames) break
}
