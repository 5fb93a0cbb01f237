import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Channels } from './channels.js'
import { unitSymbol } from '../../../unit-symbol.js'
import { clockTime } from '../../words/format.js'
import type { SeenStream } from '../state/seen-stream.js'
import { Select } from '../select.js'
import { FILTERS, SPANS, firstChoices, scalesNear } from './signal-choices.js'
import type { SignalChoices } from './signal-choices.js'
import type { Store } from '../state/store.js'
import { TracePanel } from './trace-panel.js'

const CREDITS = 4
const REFERENCES = [['none', 'none'], ['average', 'average']] as const // prettier-ignore

/** By the name of the stream: a panel that is opened again is as it was. */
const chosenOf = new Map<string, SignalChoices>()

/** One stream as traces, with what is chosen for it. */
export function SignalPanel({
  store,
  seen,
  asOf,
  onChannel,
}: {
  readonly store: Store
  readonly seen: SeenStream
  readonly asOf: JSX.Element | null
  readonly onChannel: (channel: number) => void
}): JSX.Element {
  const { description } = seen
  const [chosen, setChosen] = useState(() => chosenOf.get(description.name) ?? firstChoices(description))
  const [frozenAt, setFrozenAt] = useState<number>()
  const [autoScale, setAutoScale] = useState<number>()
  const base = useRef<HTMLCanvasElement>(null)
  const overlay = useRef<HTMLCanvasElement>(null)
  const live = useRef({ chosen, frozenAt, autoScale, seen })
  live.current = { chosen, frozenAt, autoScale, seen }
  const choose = (change: Partial<SignalChoices>): void => {
    const next = { ...chosen, ...change }
    chosenOf.set(description.name, next)
    setChosen(next)
  }
  const unit = commonUnit(description.channelUnits)
  const visible = description.channelNames.map((_, i) => i).filter(i => !chosen.hidden.has(i))

  useEffect(() => {
    const [canvas, over] = [base.current, overlay.current]
    if (canvas === null || over === null) return undefined
    const [, highPass = 0, lowPass = 0] = FILTERS[chosen.filter] ?? []
    const panel = new TracePanel(canvas, over, store, () => live.current, {
      unit,
      onChannel,
      setAutoScale,
      setFrozenAt,
    })
    const leave = store.subscriptions.envelope(
      () => ({
        stream: description.key,
        spanS: chosen.span,
        columns: Math.max(100, Math.min(1400, Math.round(canvas.clientWidth - 120))),
        highPass,
        lowPass,
        reference: chosen.reference,
        credits: CREDITS,
      }),
      frame => panel.take(frame),
      () => panel.restart(),
    )
    return () => {
      leave()
      panel.close()
    }
  }, [description.key, chosen.span, chosen.filter, chosen.reference])

  const scale = chosen.scale === 'auto' ? autoScale : chosen.scale
  const filters = FILTERS.map(([label, high, low], i) => [String(i), label, Math.max(high, low)] as const)
    .filter(([, , highest]) => highest < description.nominalSrate / 2)
    .map(([value, label]) => [value, label] as const)
  const isFrozen = frozenAt !== undefined
  return (
    <section
      class="signal"
      style={{ flexGrow: Math.max(3, visible.length) }}
      aria-label={`Signals of ${description.name}`}
    >
      <div class="tools">
        <h2>{description.name}</h2>
        <Channels names={description.channelNames} hidden={chosen.hidden} hide={hidden => choose({ hidden })} />
        {asOf}
        <span class="gap" />
        <label class="select">
          <span class="sr">scale</span>
          <Select
            value={String(chosen.scale)}
            options={[
              ['auto', chosen.scale === 'auto' ? scaleText(scale, unit) : 'automatic'],
              ['each', 'each its own'],
              ...scalesNear(scale).map(each => [String(each), scaleText(each, unit)] as const),
            ]}
            choose={value => choose({ scale: value === 'auto' || value === 'each' ? value : Number(value) })}
          />
        </label>
        <label class="select">
          <span class="sr">time span</span>
          <Select
            value={String(chosen.span)}
            options={SPANS.map(span => [String(span), `${span} s`])}
            choose={value => choose({ span: Number(value) })}
          />
        </label>
        <label class="select extra">
          <span>display filter</span>
          <Select value={String(chosen.filter)} options={filters} choose={value => choose({ filter: Number(value) })} />
        </label>
        {description.channels > 3 && (
          <label class="select extra reference">
            <span>reference</span>
            <Select
              value={chosen.reference}
              options={REFERENCES}
              choose={value => choose({ reference: value === 'average' ? value : 'none' })}
            />
          </label>
        )}
        <button
          type="button"
          class={`tool extra ${isFrozen ? 'on' : ''}`}
          aria-pressed={isFrozen}
          onClick={() => setFrozenAt(isFrozen ? undefined : seen.status?.newest)}
        >
          <span class={isFrozen ? 'live' : 'pause'} aria-hidden="true" />
          {isFrozen ? 'Live' : 'Freeze'}
        </button>
      </div>
      <div class="plot">
        <canvas ref={base} aria-label={`${visible.length} traces of ${description.name}`} role="img" />
        <canvas ref={overlay} class="overlay" aria-hidden="true" />
        {isFrozen && store.isLive && (
          <div class="frozen">
            FROZEN, ends {clockTime(frozenAt + store.wallMinusLsl, 1)} · ← → look back · the stream goes on
          </div>
        )}
      </div>
    </section>
  )
}

function commonUnit(units: readonly string[]): string {
  const [first = ''] = units
  return units.every(unit => unit === first) ? unitSymbol(first) : ''
}

function scaleText(scale: number | 'each' | undefined, unit: string): string {
  if (scale === 'each') return 'each its own'
  return scale === undefined ? 'auto' : `±${Number(scale.toPrecision(3))} ${unit}`.trim()
}
