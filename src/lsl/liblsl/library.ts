import { DareplaneError } from '../../errors.js'
import { installAdvice, libraryCandidates, LIBRARY_VARIABLES } from './find-library.js'
import { koffi } from '../../system/koffi.js'
import { pinLibrary } from './pin-library.js'
import { PROTOTYPES } from './prototypes.js'
import type { LslFunctions } from './prototypes.js'

/** Oldest library that is taken without being named: older ones poll at 1 ms and lack half of the functions. */
const OLDEST_UNNAMED_VERSION = 116

type Native = ReturnType<ReturnType<typeof koffi>['load']>

/** The C library, loaded and pinned in this thread. */
export interface Library {
  readonly path: string
  /** major * 100 + minor, such as 117. */
  readonly version: number
  /** The C function of that name, bound at first use. Throws ERR_LIBLSL_UNSUPPORTED where this library has none. */
  fn<Name extends keyof LslFunctions>(name: Name): LslFunctions[Name]
  has(name: keyof LslFunctions): boolean
  /** The same call on the thread pool. */
  call<Name extends keyof LslFunctions>(
    name: Name,
    ...args: Parameters<LslFunctions[Name]>
  ): Promise<ReturnType<LslFunctions[Name]>>
}

/** 117 is '1.17'. */
export function versionText(version: number): string {
  return `${Math.floor(version / 100)}.${version % 100}`
}

function bindLazily(native: Native): Pick<Library, 'fn' | 'has' | 'call'> {
  type Bound = ((...args: unknown[]) => unknown) & { async: (...args: unknown[]) => void }
  const bound = new Map<string, Bound | undefined>()
  const destroyString = native.func('void lsl_destroy_string(void *text)')
  const types = { LslString: koffi().disposable('str', destroyString) }

  const bind = (name: string): Bound | undefined => {
    if (bound.has(name)) return bound.get(name)
    let fn: Bound | undefined
    try {
      const prototype = PROTOTYPES.get(name) ?? ''
      fn = (
        prototype.startsWith('LslString') ? native.func(name, types.LslString, ['void *']) : native.func(prototype)
      ) as Bound
    } catch {
      // koffi's one way of saying that the symbol is not there
      fn = undefined
    }
    bound.set(name, fn)
    return fn
  }
  const need = (name: string): Bound => {
    const fn = bind(name)
    if (fn === undefined) throw new DareplaneError('ERR_LIBLSL_UNSUPPORTED', `this liblsl has no ${name}`)
    return fn
  }
  return {
    fn: name => need(name) as never,
    has: name => bind(name) !== undefined,
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        need(name).async(...args, (error: Error | null, result: unknown) => {
          if (error === null) resolve(result as never)
          else reject(error)
        })
      }),
  }
}

const loaded = new Map<string, Library>()

/**
 * Loads the C library, once per thread. `option` names a file or folder; else the environment is asked, then the system.
 * Throws ERR_LIBLSL_NOT_FOUND saying where it looked and how to install one.
 */
export function loadLibrary(option?: string): Library {
  const key = option ?? ''
  const known = loaded.get(key)
  if (known !== undefined) return known

  const looked: string[] = []
  for (const { path, named, origin } of libraryCandidates(option)) {
    try {
      const native = koffi().load(path)
      const functions = bindLazily(native)
      const version = functions.fn('lsl_library_version')()
      if (!named && version < OLDEST_UNNAMED_VERSION) {
        looked.push(`${path} (${versionText(version)}, too old unless named by ${LIBRARY_VARIABLES[0]})`)
        continue
      }
      pinLibrary(path)
      const library = { path, version, ...functions }
      loaded.set(key, library)
      return library
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (named)
        throw new DareplaneError('ERR_LIBLSL_NOT_FOUND', `${origin} names ${path}, which does not load: ${reason}`, {
          cause: error,
        })
      looked.push(path)
    }
  }
  throw new DareplaneError(
    'ERR_LIBLSL_NOT_FOUND',
    `no liblsl found; looked at ${looked.join(', ')}. To install it: ${installAdvice()}`,
  )
}
