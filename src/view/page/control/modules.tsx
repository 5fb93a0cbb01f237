import type { JSX } from 'preact'
import { ARMED_MS } from '../../wire/messages.js'
import { clockTime } from '../../words/format.js'
import type { Store } from '../state/store.js'
import { Card } from './card.js'
import { RecorderCard } from './recorder-card.js'

/** The modules with their jobs and commands, and what was sent. */
export function Modules({ store, asOf }: { readonly store: Store; readonly asOf: JSX.Element | null }): JSX.Element {
  const { modules } = store
  const isArmed = store.commands.armedMs > 0 && store.isLive
  return (
    <section class={`modules ${isArmed ? 'armed' : ''}`} aria-label="Modules">
      <div class="head">
        <h2>Modules</h2>
        {asOf ?? <span class="dim wide-only">{modules.length} known</span>}
        <span class="dim narrow-only">read-only at this width</span>
      </div>
      <Arm store={store} isArmed={isArmed} />
      <div class="list">
        {modules.map(module => (
          <Card key={module.key} store={store} module={module} isArmed={isArmed} />
        ))}
        {store.status?.recorder && <RecorderCard store={store} recorder={store.status.recorder} isArmed={isArmed} />}
        {modules.length === 0 && (
          <p class="empty">
            No module is known. Start the view with <code>--module HOST:PORT</code> to see and command one.
          </p>
        )}
      </div>
      {(store.status?.sent.length ?? 0) > 0 && (
        <div class="sent">
          <div class="head plain">
            <h2>Sent this session</h2>
            <span class="dim">newest first</span>
          </div>
          <table>
            <tbody>
              {store.status?.sent.slice(0, 4).map(({ at, what, took }) => (
                <tr key={`${at}${what}`}>
                  <td class="dim">{clockTime(at, 2)}</td>
                  <td>{what}</td>
                  <td class={took === 'not confirmed' ? 'bad' : 'dim'}>{took}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

/** The switch that arms the page, and falls back. */
function Arm({ store, isArmed }: { readonly store: Store; readonly isArmed: boolean }): JSX.Element {
  const isDisabled = !store.isLive || store.isReadOnly
  const seconds = Math.ceil(store.commands.armedMs / 1000)
  const hint = !store.isLive
    ? 'cannot be armed while not live'
    : store.isReadOnly
      ? 'this view only looks · STOP always works'
      : 'arm to send · STOP always works'
  return (
    <button
      type="button"
      role="switch"
      class="arm"
      aria-checked={isArmed}
      disabled={isDisabled}
      onClick={event => {
        // Arming is no command, but a script must not do it either.
        if (!event.isTrusted) return
        if (isArmed) store.commands.disarm()
        else store.commands.arm()
      }}
    >
      <span class="switch" aria-hidden="true">
        <span />
      </span>
      <span class="words">
        <b>{isArmed ? `Armed · ${seconds} s left` : 'Read-only'}</b>
        <span>{isArmed ? 'hold a command for 1 s to send it' : hint}</span>
      </span>
      {isArmed && <span class="time" style={{ width: `${(100 * store.commands.armedMs) / ARMED_MS}%` }} />}
    </button>
  )
}
