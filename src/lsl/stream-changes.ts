import { startTimer } from '../timer.js'
import { abortSignal, options, seconds, text } from '../check.js'
import { ENGINE_CHECKS, chooseEngine } from './choose-engine.js'
import type { EngineOptions } from './choose-engine.js'
import type { StreamInfo } from './stream-info.js'

/** How {@link streamChanges} watches the network. */
export interface StreamChangesOptions extends EngineOptions {
  /** Seconds without an answer after which a stream has disappeared. Default 5. */
  readonly forgetAfterS?: number
  /** Ends the iteration. */
  readonly signal?: AbortSignal
}

/** A stream that came or went. */
export interface StreamChange {
  readonly change: 'appeared' | 'disappeared'
  readonly info: StreamInfo
}

const DEFAULT_FORGET_AFTER_S = 5

const checked = options<StreamChangesOptions>('streamChanges', "streamChanges('', { forgetAfterS: 5 })", {
  ...ENGINE_CHECKS,
  forgetAfterS: seconds({ above: 0 }),
  signal: abortSignal,
})

/**
 * The streams that satisfy an XPath 1.0 predicate ('' for all): those that are there and those that come and go, until `signal`
 * is aborted or the loop is left. A stream that comes and goes between two looks is not told. Never blocks the thread; throws
 * ERR_INVALID_PREDICATE.
 */
export async function* streamChanges(
  predicate = '',
  options?: StreamChangesOptions,
): AsyncGenerator<StreamChange, void, undefined> {
  text('predicate', predicate)
  const { forgetAfterS = DEFAULT_FORGET_AFTER_S, signal, ...engine } = checked(options)
  // There is one entry for each uid, so that the map does not grow while the caller is busy.
  const untold = new Map<string, StreamChange>()
  let wake = (): void => undefined
  const tell = (change: StreamChange['change'], info: StreamInfo): void => {
    const before = untold.get(info.uid)
    if (before !== undefined && before.change !== change) untold.delete(info.uid)
    else untold.set(info.uid, { change, info })
    wake()
  }
  const search = chooseEngine(engine).search(predicate, {
    forgetAfterS,
    appeared: info => tell('appeared', info),
    disappeared: info => tell('disappeared', info),
  })
  // Keeps the process alive while the next change is awaited.
  const alive = startTimer(Infinity, () => undefined)
  const abort = (): void => wake()
  signal?.addEventListener('abort', abort)
  try {
    while (signal?.aborted !== true) {
      const [next] = untold.values()
      if (next === undefined) {
        await new Promise<void>(resolve => (wake = resolve))
      } else {
        untold.delete(next.info.uid)
        yield next
      }
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    clearTimeout(alive)
    search.close()
  }
}
