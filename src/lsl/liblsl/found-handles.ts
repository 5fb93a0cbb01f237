import { localClock } from '../../clock.js'
import type { Library } from './library.js'
import type { Handle } from './prototypes.js'

/** An outlet that answered so long ago may have moved. */
const FRESH_S = 5

/**
 * The native descriptions of the streams that were found last, by uid. Only they have the address: it does not survive the way
 * through XML, and to ask the network a second time takes as long as the first.
 */
export class FoundHandles {
  readonly #library: Library
  readonly #handles = new Map<string, Handle>()
  #foundAt = 0

  constructor(library: Library) {
    this.#library = library
  }

  /** Forgets those of the search before. */
  begin(): void {
    for (const handle of this.#handles.values()) this.#library.fn('lsl_destroy_streaminfo')(handle)
    this.#handles.clear()
    this.#foundAt = localClock()
  }

  keep(uid: string, handle: Handle): void {
    const copy = this.#handles.has(uid) ? null : this.#library.fn('lsl_copy_streaminfo')(handle)
    if (copy !== null) this.#handles.set(uid, copy)
  }

  /** What `use` makes of the description of that stream, which is then forgotten; undefined where there is none, or an old one. */
  take<T>(uid: string, use: (handle: Handle) => T): T | undefined {
    const handle = this.#handles.get(uid)
    if (handle === undefined) return undefined
    this.#handles.delete(uid)
    try {
      return localClock() - this.#foundAt < FRESH_S ? use(handle) : undefined
    } finally {
      this.#library.fn('lsl_destroy_streaminfo')(handle)
    }
  }
}
