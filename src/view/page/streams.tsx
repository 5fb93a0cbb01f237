import type { JSX } from 'preact'
import type { StreamState } from '../wire/status.js'
import { age, plural } from '../words/format.js'
import { KINDS } from './kinds.js'
import type { Kind } from './kinds.js'
import { Dot } from './icons.js'
import type { SeenStream } from './state/seen-stream.js'
import type { Store } from './state/store.js'

const LOUD = new Set<StreamState>(['stalled', 'lost', 'incompatible', 'failed'])

/** All streams, a row each. A press opens or closes a stream. */
export function Streams({
  store,
  open,
  toggle,
  asOf,
}: {
  readonly store: Store
  readonly open: ReadonlySet<string>
  readonly toggle: (key: string) => void
  readonly asOf: JSX.Element | null
}): JSX.Element {
  const streams = [...store.streams.values()].sort((a, b) => weight(b) - weight(a))
  return (
    <section class="streams" aria-label="Streams">
      <div class="head">
        <h2>Streams</h2>
        {asOf ?? <span class="dim">{streams.length} found</span>}
      </div>
      <div class="list">
        {streams.map(seen => (
          <StreamRow
            key={seen.description.key}
            seen={seen}
            store={store}
            isOpen={open.has(seen.description.key)}
            toggle={() => toggle(seen.description.key)}
          />
        ))}
        {streams.length === 0 && <p class="empty">Looking for streams …</p>}
      </div>
    </section>
  )
}

/** The fastest first: the signal, what goes with it, then what comes now and then. */
export function weight({ description }: SeenStream): number {
  return description.format === 'string' ? -1 : description.nominalSrate * description.channels
}

function StreamRow({
  seen,
  store,
  isOpen,
  toggle,
}: {
  readonly seen: SeenStream
  readonly store: Store
  readonly isOpen: boolean
  readonly toggle: () => void
}): JSX.Element {
  const { description, status } = seen
  const isLive = store.isLive
  const state = status?.state ?? 'connecting'
  const kind: Kind = isLive ? KINDS[state] : 'dead'
  const word = isLive ? (LOUD.has(state) ? state.toUpperCase() : state) : 'unknown'
  const rate = description.nominalSrate === 0 && description.format !== 'string' ? 'irregular' : ''
  const isGone = isLive && (state === 'lost' || state === 'failed')
  return (
    <div class={`stream ${isOpen ? 'open' : ''}`}>
      <button type="button" class="row" aria-pressed={isOpen} onClick={toggle}>
        <span class="title">
          <Dot kind={kind} />
          <b class="name">
            {description.name.split(/(?<=[_.\- ])/).map((part, i) => (
              <span key={i}>
                {part}
                <wbr />
              </span>
            ))}
          </b>
          <b class={`word ${kind}`}>{word}</b>
        </span>
        <span class="dim sub">
          {[
            description.type || 'no type',
            `${description.channels} × ${description.format}`,
            description.hostname,
            rate,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {description.unread && (
          <span class="look sub" title={description.unread.join('\n')}>
            metadata not read: {description.unread[0]}
          </span>
        )}
        {status?.foreignClock && (
          <span class="look sub">
            {status.foreignClock === 'unix' ? 'stamped with Unix time' : 'a clock of its own'}
          </span>
        )}
        {description.nominalSrate > 0 ? <Figures seen={seen} kind={kind} /> : <Texts seen={seen} store={store} />}
      </button>
      {isGone && (
        <button
          type="button"
          class="small forget"
          onClick={() => store.link.send({ type: 'forget', stream: description.key })}
        >
          no longer show it
        </button>
      )}
    </div>
  )
}

function Figures({ seen, kind }: { readonly seen: SeenStream; readonly kind: Kind }): JSX.Element {
  const { description, status } = seen
  const isBad = kind === 'bad'
  const isLost = status !== undefined && KINDS[status.state] === 'bad'
  const { value, unit } = age(status?.ageS)
  const missing = status?.missing ?? 0
  const isRecent = (status?.missingRecently ?? 0) > 0
  const gaps = status?.gaps ?? 0
  const tail = missing === 0 ? '' : isLost || gaps === 0 ? 'so far' : `in ${plural(gaps, 'gap')}`
  const nominal = Number(description.nominalSrate.toPrecision(6))
  return (
    <span class="figures">
      <span>rate</span>
      <span>
        <b>{status?.rate === undefined ? '–' : status.rate.toFixed(1)}</b> <i class="of">of {nominal} </i>Hz
      </span>
      <span>latency</span>
      <span>
        <b>
          {status?.latencyMs === undefined
            ? '–'
            : `${status.latencyMs.toFixed(1)}${status.uncertaintyMs === undefined ? '' : ` ± ${status.uncertaintyMs.toFixed(1)}`}`}
        </b>
        {status?.latencyMs !== undefined && ' ms'}
      </span>
      <span>age</span>
      <span class={isBad ? 'bad' : ''}>
        <b>{value}</b> {unit}
      </span>
      <span>missing</span>
      <span class={isBad && missing > 0 ? 'bad' : isRecent ? 'look' : ''}>
        <b>{missing}</b> {tail}
      </span>
      <Spark ages={seen.ages} isBad={isBad} />
    </span>
  )
}

/** The age of the newest sample over the last seconds: a saw whose teeth are the chunks. */
function Spark({ ages, isBad }: { readonly ages: readonly number[]; readonly isBad: boolean }): JSX.Element {
  const most = Math.max(0.02, ...ages.filter(Number.isFinite).map(a => Math.min(a, 0.5)))
  const points = ages
    .map((a, i) => `${i},${Number.isFinite(a) ? (13 - (12 * Math.min(a, 0.5)) / most).toFixed(1) : 0.5}`)
    .join(' ')
  return (
    <svg class={`spark ${isBad ? 'bad' : ''}`} viewBox="0 0 50 14" preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points} fill="none" stroke="currentColor" stroke-width="1" vector-effect="non-scaling-stroke" />
    </svg>
  )
}

function Texts({ seen, store }: { readonly seen: SeenStream; readonly store: Store }): JSX.Element {
  const { status, texts } = seen
  const last = texts.at(-1)
  const now = store.isLive && Number.isFinite(store.lslNow) ? store.lslNow : (store.status?.lsl ?? NaN)
  const ago = last === undefined ? undefined : Math.max(0, now - last[0])
  return (
    <span class="figures">
      <span>last</span>
      <span>
        {ago === undefined ? (
          <b>–</b>
        ) : (
          <>
            <b>{ago.toFixed(1)}</b> s ago, {status?.frames ?? texts.length} in all
          </>
        )}
      </span>
      <span>text</span>
      <span class="text">
        <b>{last?.[1] ?? '–'}</b>
      </span>
      <span>10 s</span>
      <svg class="ticks" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2="100" y1="11.5" y2="11.5" stroke="var(--line)" />
        {texts
          .filter(([at]) => now - at < 10 && now >= at)
          .map(([at], i) => (
            <line
              key={i}
              x1={100 - 10 * (now - at)}
              x2={100 - 10 * (now - at)}
              y1="1"
              y2="11"
              stroke="var(--mark)"
              vector-effect="non-scaling-stroke"
              stroke-width="1.3"
            />
          ))}
      </svg>
    </span>
  )
}
