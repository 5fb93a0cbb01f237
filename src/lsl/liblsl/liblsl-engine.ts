import type { Engine } from '../engine.js'
import { LiblslInlet } from './inlet.js'
import { loadLibrary, versionText } from './library.js'
import { LiblslOutlet } from './outlet.js'
import { resolveHandles } from './resolver.js'
import { searchStreams, streamOf } from './search.js'

/** The engine over the C library at `path`, or wherever one is found. Throws ERR_LIBLSL_NOT_FOUND. */
export function liblslEngine(path?: string): Engine {
  const library = loadLibrary(path)
  return {
    name: 'liblsl',
    version: versionText(library.version),
    location: library.path,
    async resolve(predicate, options) {
      const found = await resolveHandles(library, predicate, options, handle => library.fn('lsl_get_xml')(handle))
      return found.flatMap(streamOf)
    },
    search: (predicate, options) => searchStreams(library, predicate, options),
    createInlet: (info, options) => LiblslInlet.create(library, info, options),
    createOutlet: (info, options) => new LiblslOutlet(library, info, options),
  }
}
