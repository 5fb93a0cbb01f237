import { clearLine, cursorTo } from 'node:readline'
import type { XdfProgress } from '../../xdf/open-xdf.js'

/** Files that are read faster than this show no progress. */
const FIRST_MS = 500
const EVERY_MS = 100

/** Shows on a terminal how far the reading of a file is; `options` is for what reads it. */
export function progressBar(): Disposable & {
  readonly options: { readonly onProgress: (progress: XdfProgress) => void }
  clear(): void
} {
  const { stderr } = process
  let shownMs = performance.now() + FIRST_MS - EVERY_MS
  let isShown = false
  const clear = (): void => {
    if (!isShown) return
    clearLine(stderr, 0)
    cursorTo(stderr, 0)
    isShown = false
  }
  const onProgress = ({ bytes, of }: XdfProgress): void => {
    if (!stderr.isTTY || performance.now() - shownMs < EVERY_MS) return
    shownMs = performance.now()
    clear()
    stderr.write(`reading ${Math.floor((100 * bytes) / Math.max(1, of))} %`)
    isShown = true
  }
  return { options: { onProgress }, clear, [Symbol.dispose]: clear }
}
