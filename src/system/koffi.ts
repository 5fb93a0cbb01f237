import { createRequire } from 'node:module'
import type Koffi from 'koffi'

const require = createRequire(import.meta.url)
let loaded: typeof Koffi | undefined

/**
 * The native bridge to C, loaded at first use: the builtin engine needs none, and runs where koffi has no binary. Throws
 * what loading it throws.
 */
export function koffi(): typeof Koffi {
  loaded ??= require('koffi') as typeof Koffi
  return loaded
}
