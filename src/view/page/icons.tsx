import type { JSX } from 'preact'
import type { Word } from '../words/session-state.js'

/** A dashed ring: nobody knows. */
export function Ring({ size }: { readonly size: number }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <circle
        cx="12"
        cy="12"
        r="9.5"
        fill="none"
        stroke="currentColor"
        stroke-width="3.4"
        stroke-dasharray="4.2 3.26"
      />
    </svg>
  )
}

/** The shape of a state: never the colour alone. */
export function StateIcon({ word, size = 24 }: { readonly word: Word; readonly size?: number }): JSX.Element {
  if (word === 'NOT LIVE') return <Ring size={size} />
  if (word === 'ALL WELL')
    return (
      <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="12" fill="currentColor" />
        <path d="M6.5 12.5l3.6 3.6 7.4-7.6" fill="none" stroke="var(--state-bg)" stroke-width="2.6" />
      </svg>
    )
  if (word === 'LOOK')
    return (
      <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 1.5L23.5 22.5H.5z" fill="currentColor" />
        <path d="M12 9v6.5M12 18v2.2" stroke="var(--state-bg)" stroke-width="2.4" />
      </svg>
    )
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="3" fill="currentColor" />
      <path d="M12 5v9M12 16.5v2.8" stroke="var(--state-bg)" stroke-width="2.8" />
    </svg>
  )
}

/** The small shape before a name. */
export function Dot({ kind }: { readonly kind: 'ok' | 'look' | 'bad' | 'dead' }): JSX.Element {
  if (kind === 'dead')
    return (
      <span class="dot dead">
        <Ring size={12} />
      </span>
    )
  return (
    <svg class={`dot ${kind}`} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      {kind === 'ok' && <circle cx="6" cy="6" r="5.2" fill="currentColor" />}
      {kind === 'look' && <path d="M6 .8L11.8 11.2H.2z" fill="currentColor" />}
      {kind === 'bad' && <rect x="1" y="1" width="10" height="10" rx="1" fill="currentColor" />}
    </svg>
  )
}

/** A padlock, open when the page is armed. */
export function Lock({ open }: { readonly open: boolean }): JSX.Element {
  return (
    <svg class="lock" width="10" height="12" viewBox="0 0 10 12" aria-hidden="true">
      <rect y="5.2" width="10" height="6.6" rx="1" fill="currentColor" />
      <path
        d={open ? 'M2.4 5.5V3.4a2.3 2.3 0 0 1 4.4-.9' : 'M2.4 5.5V3.3a2.6 2.6 0 0 1 5.2 0v2.2'}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
      />
    </svg>
  )
}
