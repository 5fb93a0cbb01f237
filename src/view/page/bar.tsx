import type { JSX } from 'preact'
import { stopWords } from '../words/stop-words.js'
import type { StopWords } from '../words/stop-words.js'
import { clockTime, duration } from '../words/format.js'
import { StateIcon } from './icons.js'
import type { SessionState } from '../words/session-state.js'
import type { Store } from './state/store.js'

const CLASSES = { 'ALL WELL': 'ok', LOOK: 'look', TROUBLE: 'bad', 'NOT LIVE': 'dead' } as const

/** The one state of the session, the time, and STOP ALL. */
export function Bar({ store, state }: { readonly store: Store; readonly state: SessionState }): JSX.Element {
  const { status } = store
  const isLive = state.word !== 'NOT LIVE'
  const wall = isLive ? Date.now() / 1000 : store.heardAt
  return (
    <header class="bar">
      <h1 class="sr">Dareplane, live page</h1>
      <div class={`state ${CLASSES[state.word]}`} role="status" aria-live="polite">
        <StateIcon word={state.word} />
        <strong>{state.word}</strong>
      </div>
      <div class={`facts ${isLive ? '' : 'stale'}`}>
        <div class="why">
          <b>{state.title}</b>
          <span>{state.detail}</span>
        </div>
        <Fact label="session" kind="session" value={status ? duration(status.sessionS, true) : '–'} />
        {isLive && <Fact label="CPU" value={status ? String(Math.round(status.cpu)) : '–'} unit="%" wide />}
        {isLive && (
          <Fact
            label="view"
            value={store.subscriptions.updatesPerS.toFixed(0)}
            unit="Hz,"
            more={Number.isFinite(store.behindS) ? store.behindS.toFixed(2) : '–'}
            moreUnit="s behind"
            wide
          />
        )}
        <Fact label={isLive ? 'clock' : 'as of'} value={clockTime(wall, isLive ? 1 : 0)} big />
      </div>
      <StopAll store={store} />
    </header>
  )
}

function Fact({
  label,
  value,
  unit,
  more,
  moreUnit,
  big = false,
  wide = false,
  kind = '',
}: {
  readonly label: string
  readonly value: string
  readonly unit?: string
  readonly more?: string
  readonly moreUnit?: string
  readonly big?: boolean
  readonly wide?: boolean
  readonly kind?: string
}): JSX.Element {
  return (
    <div class={`fact ${big ? 'big' : ''} ${wide ? 'wide' : ''} ${kind}`}>
      <span>{label}</span>
      <b>
        {value}
        {unit !== undefined && <i> {unit} </i>}
        {more}
        {moreUnit !== undefined && <i> {moreUnit}</i>}
      </b>
    </div>
  )
}

/** STOP of everything: one press, never asked twice, never disabled. It says stopped only when the end was reported. */
function StopAll({ store }: { readonly store: Store }): JSX.Element {
  const said = saidOf(store)
  return (
    <div class="stop-place">
      <button
        type="button"
        class={`stop-all ${said?.kind ?? 'idle'}`}
        title="STOP ALL (Esc)"
        onPointerDown={event => {
          if (event.button === 0) store.commands.stop()
        }}
        onKeyDown={event => {
          if ((event.key === 'Enter' || event.key === ' ') && !event.repeat) store.commands.stop()
        }}
      >
        <span class="square" aria-hidden="true" />
        {said === undefined ? (
          <>
            <strong>STOP ALL</strong>
            <kbd>Esc</kbd>
          </>
        ) : (
          <span class="said">
            <span class="sr">STOP ALL</span>
            <b>{said.title}</b>
            <span>{said.detail}</span>
          </span>
        )}
      </button>
    </div>
  )
}

interface Said {
  readonly kind: StopWords['kind'] | 'stopping'
  readonly title: string
  readonly detail: string
}

function saidOf({ commands: { stops }, status, modules, isLive, silentMs }: Store): Said | undefined {
  const { pending } = stops
  const unconfirmed = stops.unconfirmed()
  if (pending) {
    const seconds = ((performance.now() - pending.sentAt) / 1000).toFixed(1)
    return { kind: 'stopping', title: 'STOPPING …', detail: `sent ${clockTime(pending.at, 2)}, ${seconds} s` }
  }
  if (unconfirmed)
    return {
      kind: 'unconfirmed',
      title: 'STOP NOT CONFIRMED',
      detail: `${unconfirmed.why} · ${clockTime(unconfirmed.at, 2)}`,
    }
  const result = stops.result ?? status?.stopped
  // While the page is not live it shows only the answer to a STOP that was sent since then.
  if (result === undefined || (!isLive && stops.answeredAt < performance.now() - silentMs)) return undefined
  return stopWords(result, isLive ? modules : [], Date.now() / 1000)
}
