import type { JSX } from 'preact'
import type { Store } from './state/store.js'

/** Whether the loop is in time. */
export function Loop({ store, asOf }: { readonly store: Store; readonly asOf: JSX.Element | null }): JSX.Element {
  const loop = store.status?.loop
  const command = loop?.windowToCommandMs
  const rows: readonly (readonly [string, number | undefined])[] = [
    ['sample → window', loop?.sampleToWindowMs],
    // The time from window to command is known only where the view runs in the module's own process.
    ...(command === undefined ? [] : ([['window → command', command]] as const)),
    ['event-loop delay', loop?.eventLoopDelayMs],
  ]
  const histogram = loop?.histogram ?? []
  const most = Math.max(1, ...histogram)
  const width = 100 / Math.max(1, histogram.length)
  return (
    <section class="loop" aria-label="Loop">
      <div class="head">
        <h2>Loop</h2>
        {asOf ?? <span class="dim">last 60 s</span>}
      </div>
      <dl>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value === undefined ? '–' : `${value.toFixed(1)} ms`}</dd>
          </div>
        ))}
      </dl>
      <svg
        class="histogram"
        viewBox="0 0 100 40"
        preserveAspectRatio="none"
        role="img"
        aria-label="histogram of latencies"
      >
        {histogram.map((count, bin) => (
          <rect
            key={bin}
            x={bin * width + 0.4}
            width={width - 0.8}
            y={40 - (38 * count) / most}
            height={count === 0 ? 0 : Math.max(0.8, (38 * count) / most)}
            fill="var(--trace-a)"
            opacity="0.75"
          />
        ))}
        <line x1="0" x2="100" y1="39.7" y2="39.7" stroke="var(--edge)" stroke-width="0.6" />
      </svg>
      <div class="scale dim">
        <span>0</span>
        <span>{((loop?.binMs ?? 0) * histogram.length) / 2}</span>
        <span>{(loop?.binMs ?? 0) * histogram.length}+ ms</span>
      </div>
    </section>
  )
}
