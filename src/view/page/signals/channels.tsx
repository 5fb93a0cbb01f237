import type { JSX } from 'preact'

/** Which channels are shown. */
export function Channels({
  names,
  hidden,
  hide,
}: {
  readonly names: readonly string[]
  readonly hidden: ReadonlySet<number>
  readonly hide: (hidden: ReadonlySet<number>) => void
}): JSX.Element {
  const shown = names.length - hidden.size
  return (
    <details class="channels">
      <summary>
        {shown} of {names.length} channels
      </summary>
      <div class="popup">
        <button type="button" class="small" onClick={() => hide(new Set())}>
          all
        </button>
        {names.map((name, i) => (
          <label key={i}>
            <input
              type="checkbox"
              checked={!hidden.has(i)}
              onChange={() => {
                const next = new Set(hidden)
                if (!next.delete(i)) next.add(i)
                if (next.size < names.length) hide(next)
              }}
            />
            {name}
          </label>
        ))}
      </div>
    </details>
  )
}
