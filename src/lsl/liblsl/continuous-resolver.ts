import type { EngineSearch, SearchOptions } from '../engine.js'
import { StreamInfo } from '../stream-info.js'
import type { Library } from './library.js'
import { Resolver } from './resolver.js'
import type { SearchTimes } from './search-times.js'

const LOOK_EVERY_MS = 200

/** The stream that liblsl describes; none for what a broken peer announces, which must not hide the others. */
export function streamOf(xml: string): StreamInfo[] {
  try {
    return [StreamInfo.fromXml(xml)]
  } catch {
    return []
  }
}

/** Tells of streams that come and go, from what the continuous resolver of liblsl knows five times a second. */
export function continuousResolver(
  library: Library,
  predicate: string,
  { appeared, disappeared, forgetAfterS, times }: SearchOptions & { readonly times: SearchTimes },
): EngineSearch {
  const resolver = new Resolver(library, predicate, { forgetAfterS, times })
  let known = new Map<string, StreamInfo>()
  const look = (): void => {
    const handles = Array.from(resolver.look())
    const streams = handles.flatMap(handle => streamOf(library.fn('lsl_get_xml')(handle)))
    handles.forEach(handle => library.fn('lsl_destroy_streaminfo')(handle))
    const before = known
    known = new Map(streams.map(info => [info.uid, before.get(info.uid) ?? info]))
    for (const [uid, info] of known) if (!before.has(uid)) appeared(info)
    for (const [uid, info] of before) if (!known.has(uid)) disappeared(info)
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  let closed = false
  return {
    close() {
      if (closed) return
      closed = true
      clearInterval(timer)
      void resolver.close()
    },
  }
}
