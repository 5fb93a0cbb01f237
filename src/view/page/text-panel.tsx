import type { JSX } from 'preact'
import { clockTime } from '../words/format.js'
import type { SeenStream } from './state/seen-stream.js'
import type { Store } from './state/store.js'

/** A stream of texts, or of irregular numbers, as a list: the newest first. */
export function TextPanel({
  store,
  seen,
  asOf,
}: {
  readonly store: Store
  readonly seen: SeenStream
  readonly asOf: JSX.Element | null
}): JSX.Element {
  return (
    <section class="signal texts" aria-label={`Events of ${seen.description.name}`}>
      <div class="tools">
        <h2>{seen.description.name}</h2>
        <span class="dim">{seen.status?.frames ?? 0} in all</span>
        {asOf}
      </div>
      <ol>
        {seen.texts
          .slice(-40)
          .reverse()
          .map(([at, text], i) => (
            <li key={seen.texts.length - i}>
              <span class="dim">{clockTime(at + store.wallMinusLsl, 3)}</span> {text}
            </li>
          ))}
      </ol>
    </section>
  )
}
