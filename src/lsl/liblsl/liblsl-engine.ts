import type { Engine } from '../engine.js'
import { LocalRingOutlet } from '../outlet/local-ring-outlet.js'
import { FoundHandles } from './found-handles.js'
import { LiblslInlet } from './liblsl-inlet.js'
import { loadLibrary, versionText } from './library.js'
import { LiblslOutlet } from './liblsl-outlet.js'
import { resolveHandles } from './resolver.js'
import { continuousResolver, streamOf } from './continuous-resolver.js'
import type { SearchTimes } from './search-times.js'

/** The engine over the C library at `path`, or wherever one is found, which asks at `times`. Throws ERR_LIBLSL_NOT_FOUND. */
export function liblslEngine(path: string | undefined, times: SearchTimes): Engine {
  const library = loadLibrary(path)
  const found = new FoundHandles(library)
  return {
    name: 'liblsl',
    version: versionText(library.version),
    location: library.path,
    async resolve(predicate, limits) {
      // Of a search that is for one stream to connect to, and not for all there are.
      const keeps = limits.settle === true
      if (keeps) found.begin()
      const streams = await resolveHandles(library, predicate, { ...limits, times }, handle => {
        const described = streamOf(library.fn('lsl_get_xml')(handle))
        if (keeps) for (const { uid } of described) found.keep(uid, handle)
        return described
      })
      return streams.flat()
    },
    search: (predicate, options) => continuousResolver(library, predicate, { ...options, times }),
    createInlet: (info, options) => LiblslInlet.create(library, found, info, { ...options, times }),
    createOutlet: (info, options) => new LiblslOutlet(library, info, options),
    createRingOutlet: (info, options, ring) => new LocalRingOutlet(new LiblslOutlet(library, info, options), ring),
  }
}
