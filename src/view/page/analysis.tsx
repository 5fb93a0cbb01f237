import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ServerMessage } from '../wire/messages.js'
import { unitSymbol } from '../../unit-symbol.js'
import { clockTime, figure } from '../words/format.js'
import { Plot } from './plots.js'
import { KINDS } from './kinds.js'
import type { SeenStream } from './state/seen-stream.js'
import type { Store } from './state/store.js'

type SpectrumMessage = Extract<ServerMessage, { type: 'spectrum' }>

const ALPHA = [8, 13] as const
const MOST_HZ = 45
const TREND_S = 600

interface Properties {
  readonly store: Store
  readonly seen: SeenStream
  readonly channel: number
  readonly asOf: JSX.Element | null
}

/** Spectrum and trends of the stream in front; a strip of figures where many channels need the room. */
export function Analysis(properties: Properties & { readonly isCompact: boolean }): JSX.Element {
  return properties.isCompact ? (
    <div class="strip">
      <Trends {...properties} isCompact />
    </div>
  ) : (
    <div class="analysis">
      <SpectrumPanel {...properties} />
      <section class="trends" aria-label="Trends">
        <div class="head">
          <h2>Trends</h2>
          <span class="dim">{properties.seen.description.name}, last 10 minutes</span>
          {properties.asOf}
        </div>
        <Trends {...properties} isCompact={false} />
      </section>
    </div>
  )
}

function SpectrumPanel({ store, seen, channel, asOf }: Properties): JSX.Element {
  const [spectrum, setSpectrum] = useState<SpectrumMessage>()
  const { description, status } = seen
  useEffect(() => {
    setSpectrum(undefined)
    return store.subscriptions.spectrum(description.key, channel, setSpectrum)
  }, [description.key, channel])
  const since = useRef(NaN)
  const isLost = status !== undefined && KINDS[status.state] === 'bad'
  if (!isLost) since.current = store.lslNow
  const unit = unitSymbol(description.channelUnits[channel] ?? '') || 'unit'
  const name = description.channelNames[channel] ?? `ch_${channel + 1}`
  return (
    <section class="spectrum" aria-label="Spectrum">
      <div class="head">
        <h2>Spectrum</h2>
        <span class="dim">
          {name}, {spectrum === undefined ? 'waiting for data' : `raw, ${spectrum.seconds.toFixed(0)} s`}
        </span>
        {asOf}
      </div>
      <div class="chart-place">
        {spectrum && <SpectrumChart spectrum={spectrum} />}
        <span class="corner dim">dB re 1 {unit}²/Hz</span>
        {spectrum && (
          <Peak
            spectrum={spectrum}
            unit={unit}
            until={isLost ? clockTime(since.current + store.wallMinusLsl, 1) : ''}
          />
        )}
      </div>
    </section>
  )
}

function SpectrumChart({ spectrum: { binHz, db } }: { readonly spectrum: SpectrumMessage }): JSX.Element {
  const bins = Math.min(db.length, Math.floor(MOST_HZ / binHz) + 1)
  const shown = db.slice(1, bins)
  const hz = shown.map((_, i) => (i + 1) * binHz)
  const [low, high] = [Math.min(...shown), Math.max(...shown)]
  return (
    <Plot
      label="Power spectrum"
      data={[hz, shown]}
      xRange={[0, Math.min(MOST_HZ, binHz * (db.length - 1))]}
      yRange={[5 * Math.floor(low / 5), 5 * Math.ceil((high + 2) / 5)]}
      x={value => (value === 40 ? '40 Hz' : String(value))}
      y={String}
      hasAxes
      band={ALPHA}
    />
  )
}

/** The highest peak above 3 Hz, and the power of the alpha band. */
function Peak({
  spectrum: { binHz, db },
  unit,
  until,
}: {
  readonly spectrum: SpectrumMessage
  readonly unit: string
  readonly until: string
}): JSX.Element {
  const from = Math.max(2, Math.ceil(3 / binHz))
  const to = Math.min(db.length - 2, Math.floor(MOST_HZ / binHz))
  let best = from
  for (let bin = from; bin <= to; bin++) if ((db[bin] ?? -Infinity) > (db[best] ?? -Infinity)) best = bin
  const alpha = bandPower(db, binHz, ALPHA)
  return (
    <span class="peak">
      <b>{(best * binHz).toFixed(1)} Hz</b>
      <span>{until === '' ? `alpha ${figure(alpha)} ${unit}²` : `until ${until}`}</span>
    </span>
  )
}

function bandPower(db: readonly number[], binHz: number, [low, high]: readonly [number, number]): number {
  return db.reduce(
    (sum, each, bin) => (bin * binHz >= low && bin * binHz <= high ? sum + 10 ** (each / 10) * binHz : sum),
    0,
  )
}

function Trends({ store, seen, isCompact }: Properties & { readonly isCompact: boolean }): JSX.Element {
  const { trend, status } = seen
  const isBad = store.isLive && status !== undefined && KINDS[status.state] === 'bad'
  const now = status === undefined ? 0 : (trend.at(-1)?.[0] ?? 0)
  const x = trend.map(([at]) => at - now)
  const rows = [
    {
      label: 'age',
      values: trend.map(([, ageMs]) => ageMs),
      value: status?.ageS === undefined ? '–' : `${Math.round(1000 * status.ageS)} ms`,
      unit: ' ms',
      isBad,
    },
    {
      label: 'missing',
      values: trend.map(([, , missing]) => missing),
      value: String(status?.missing ?? '–'),
      unit: '',
      isBad: isBad && status.missing > 0,
    },
    {
      label: 'latency',
      values: trend.map(([, , , latencyMs]) => latencyMs),
      value: status?.latencyMs === undefined ? '–' : `${status.latencyMs.toFixed(1)} ms`,
      unit: ' ms',
      isBad: false,
    },
  ]
  return (
    <div class={isCompact ? 'cells' : 'rows'}>
      {rows.map(row => {
        const most = Math.max(row.label === 'missing' ? 10 : 1, ...row.values.map(value => value ?? 0))
        const top = niceTop(most)
        return (
          <div class="trend" key={row.label}>
            <span class="label">{isCompact && row.label === 'age' ? 'age, 10 min' : row.label}</span>
            {!isCompact && <span class="top dim">{`${top}${row.unit}`}</span>}
            <Plot
              label={`${row.label} of the last ten minutes`}
              data={[x, row.values]}
              xRange={[-TREND_S, 0]}
              yRange={[0, top * 1.05]}
              x={String}
              y={String}
              hasAxes={false}
              isBad={row.isBad}
            />
            <b class={row.isBad ? 'bad' : row.label === 'missing' && (status?.missingRecently ?? 0) > 0 ? 'look' : ''}>
              {row.value}
            </b>
          </div>
        )
      })}
      {!isCompact && (
        <div class="times dim">
          {[-600, -400, -200, 0].map(each => (
            <span key={each}>{clockTime(now + each + store.wallMinusLsl).slice(0, 5)}</span>
          ))}
        </div>
      )}
    </div>
  )
}

function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  return Number((([1, 2, 5, 10].find(step => step * power >= most) ?? 10) * power).toPrecision(2))
}
