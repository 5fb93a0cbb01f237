import { render } from 'preact'
import type { JSX } from 'preact'
import { Analysis } from './analysis.js'
import { Bar } from './bar.js'
import { clockTime } from '../words/format.js'
import { Ring } from './icons.js'
import { Log } from './log.js'
import { Loop } from './loop.js'
import { Modules } from './control/modules.js'
import { SignalPanel } from './signals/signal-panel.js'
import { TextPanel } from './text-panel.js'
import { sessionState } from '../words/session-state.js'
import type { SeenStream } from './state/seen-stream.js'
import { Store } from './state/store.js'
import { Streams, weight } from './streams.js'
import { LIVE_LIMIT_MS } from '../wire/messages.js'

/** How often the page is written anew; the traces are drawn at the screen's rate. */
const RENDER_EVERY_MS = 100
/** Regular streams that are opened by themselves. */
const OPENED = 2
const MANY_CHANNELS = 24
const THEME = 'dareplane-theme'

const store = new Store()
const root = document.getElementById('page') as HTMLElement
let hasFailed = false
/** Streams that somebody has opened or closed, by name; others open by themselves. */
const wanted = new Map<string, boolean>()
let spectrumOf: { readonly name: string; readonly channel: number } | undefined

function openStreams(): SeenStream[] {
  const all = [...store.streams.values()]
  // The stream with the highest rate comes first: it is the signal, and the others go with it.
  const regular = all.filter(({ isRegular }) => isRegular).sort((a, b) => weight(b) - weight(a))
  const first = regular.slice(0, (regular[0]?.description.channels ?? 0) > MANY_CHANNELS ? 1 : OPENED)
  return all
    .filter(seen => wanted.get(seen.description.name) ?? first.includes(seen))
    .sort((a, b) => weight(b) - weight(a))
}

function Page(): JSX.Element {
  const streams = [...store.streams.values()]
  const state = sessionState({
    silentMs: store.silentMs,
    heardAt: store.heardAt,
    tries: store.link.tries,
    streams: streams.flatMap(({ status, description }) => (status ? [{ ...description, ...status }] : [])),
    modules: store.modules,
    recorder: store.status?.recorder,
    fault: store.fault,
    warnings: store.log.warnings,
    errors: store.log.errors,
    wallMinusLsl: store.wallMinusLsl,
  })
  const isLive = state.word !== 'NOT LIVE'
  document.documentElement.classList.toggle('not-live', !isLive)
  document.title = `${state.word} · dareplane`
  const asOf =
    isLive || !Number.isFinite(store.heardAt) ? null : <span class="as-of">as of {clockTime(store.heardAt)}</span>
  const open = openStreams()
  const front = open.find(({ isRegular }) => isRegular)
  const chosen = open.find(({ description }) => description.name === spectrumOf?.name) ?? front
  const channel =
    chosen && spectrumOf?.name === chosen.description.name
      ? spectrumOf.channel
      : Math.max(0, (chosen?.description.channels ?? 1) - 2)
  const channels = open.reduce((sum, { description }) => sum + description.channels, 0)
  return (
    <div class={`app ${state.word === 'NOT LIVE' ? 'dead' : ''}`}>
      <Bar store={store} state={state} />
      <div class="left">
        <Streams
          store={store}
          asOf={asOf}
          open={new Set(open.map(({ description }) => description.key))}
          toggle={key => {
            const seen = store.streams.get(key)
            if (seen) wanted.set(seen.description.name, !open.includes(seen))
            draw()
          }}
        />
        <Loop store={store} asOf={asOf} />
      </div>
      <main>
        <div class="signals">
          {open.map(seen =>
            seen.isRegular ? (
              <SignalPanel
                key={seen.description.key}
                store={store}
                seen={seen}
                asOf={asOf}
                onChannel={each => (spectrumOf = { name: seen.description.name, channel: each })}
              />
            ) : (
              <TextPanel key={seen.description.key} store={store} seen={seen} asOf={asOf} />
            ),
          )}
          {open.length === 0 && <p class="empty">Press a stream at the left to see it.</p>}
          {!isLive && (
            <div class="sign" role="alert">
              <Ring size={40} />
              <span>
                <strong>NOT LIVE</strong>
                <span>
                  {Number.isFinite(store.heardAt)
                    ? `picture as of ${clockTime(store.heardAt)} · nothing heard since, ${(store.silentMs / 1000).toFixed(1)} s`
                    : 'nothing heard yet'}
                </span>
              </span>
            </div>
          )}
        </div>
        {chosen?.isRegular && (
          <Analysis
            store={store}
            seen={chosen}
            channel={Math.min(channel, chosen.description.channels - 1)}
            asOf={asOf}
            isCompact={channels > MANY_CHANNELS}
          />
        )}
      </main>
      <Modules store={store} asOf={asOf} />
      <Log store={store} asOf={asOf} theme={changeTheme} />
    </div>
  )
}

function draw(): void {
  if (hasFailed) return
  try {
    store.tick()
    render(<Page />, root)
  } catch (error) {
    fail(error)
  }
}

/** A page that cannot draw must not look alive: all of it gives way to a sign, and STOP. */
function fail(error: unknown): void {
  if (hasFailed) return
  hasFailed = true
  document.documentElement.classList.add('not-live')
  document.title = 'NOT LIVE · dareplane'
  const element = (name: string, className: string, text: string): HTMLElement =>
    Object.assign(document.createElement(name), { className, textContent: text })
  const sign = element('div', 'failed', '')
  const stop = element('button', 'stop-all', 'STOP ALL')
  stop.addEventListener('pointerdown', () => {
    store.commands.stop()
    said.textContent = 'STOP sent. This page cannot show whether it was confirmed.'
  })
  const again = element('button', 'tool', 'Load the page again')
  again.addEventListener('click', () => location.reload())
  const said = element('p', '', `The page has failed: ${error instanceof Error ? error.message : String(error)}`)
  sign.append(element('strong', '', 'NOT LIVE'), said, stop, again)
  document.body.replaceChildren(sign)
}

addEventListener('error', ({ error, message }) => fail(error ?? message))

function changeTheme(): void {
  const { dataset } = document.documentElement
  const isLight =
    dataset['theme'] === undefined ? matchMedia('(prefers-color-scheme: light)').matches : dataset['theme'] === 'light'
  dataset['theme'] = isLight ? 'dark' : 'light'
  localStorage.setItem(THEME, dataset['theme'])
  draw()
}

const theme = new URLSearchParams(location.search).get('theme') ?? localStorage.getItem(THEME)
if (theme === 'dark' || theme === 'light') document.documentElement.dataset['theme'] = theme

addEventListener(
  'keydown',
  event => {
    if (event.key === 'Escape' && !event.repeat) {
      event.preventDefault()
      store.commands.stop()
      draw()
    }
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
    if (event.key === 't' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) changeTheme()
  },
  { capture: true },
)
// A page that the browser kept and shows again is not the one that was armed.
addEventListener('pagehide', () => store.commands.disarm())

/** Draws from now on; what is shown turns grey when its time is over, not a turn later. */
function keepDrawing(): void {
  draw()
  const liveMs = LIVE_LIMIT_MS - store.silentMs
  setTimeout(keepDrawing, liveMs < 0 ? RENDER_EVERY_MS : Math.min(RENDER_EVERY_MS, liveMs + 1))
}

keepDrawing()
