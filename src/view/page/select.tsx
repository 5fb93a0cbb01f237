import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

const MOST_ROWS = 14
const OPENING_KEYS = new Set([' ', 'Enter', 'F4', 'ArrowUp', 'ArrowDown'])

/**
 * A value to choose. A browser's own drop-down gets all keys while it is open, and Escape would close it without stopping
 * anything: this list opens within the page.
 */
export function Select({
  value,
  options,
  choose,
  label,
}: {
  readonly value: string
  readonly options: readonly (readonly [value: string, text: string])[]
  readonly choose: (value: string) => void
  readonly label?: string
}): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <span class="chosen" aria-hidden="true">
        {options.find(([each]) => each === value)?.[1]}
      </span>
      <select
        class={isOpen ? 'open' : ''}
        size={isOpen ? Math.max(2, Math.min(MOST_ROWS, options.length)) : 1}
        aria-label={label}
        value={value}
        onMouseDown={event => {
          if (isOpen) return
          event.preventDefault()
          event.currentTarget.focus()
        }}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={event => {
          if (isOpen ? ['Enter', 'Escape', ' '].includes(event.key) : OPENING_KEYS.has(event.key)) {
            event.preventDefault()
            setOpen(!isOpen)
          }
        }}
        onBlur={() => setOpen(false)}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </>
  )
}
