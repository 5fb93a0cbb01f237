import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { LogLine } from '../wire/status.js'
import { clockTime, plural } from '../words/format.js'
import { Dot } from './icons.js'
import { Select } from './select.js'
import type { Store } from './state/store.js'

const SHOWN = 200
const LEVELS = [['0', 'debug'], ['20', 'info'], ['30', 'warn'], ['40', 'error']] as const // prettier-ignore

/** The log of all modules; it follows until one scrolls up. */
export function Log({
  store,
  asOf,
  theme,
}: {
  readonly store: Store
  readonly asOf: JSX.Element | null
  readonly theme: () => void
}): JSX.Element {
  const [module, setModule] = useState('')
  const [level, setLevel] = useState('20')
  const [find, setFind] = useState('')
  const [isFollowing, setFollowing] = useState(true)
  const kept = useRef<readonly LogLine[]>([])
  const list = useRef<HTMLDivElement>(null)
  const names = [...new Set(store.log.lines.map(({ name }) => name))].sort()
  const wanted = find.toLowerCase()
  if (isFollowing) {
    kept.current = store.log.lines
      .filter(line => (module === '' || line.name === module) && line.levelno >= Number(level))
      .filter(line => wanted === '' || textOf(line).toLowerCase().includes(wanted))
      .slice(-SHOWN)
  }
  useEffect(() => {
    if (isFollowing && list.current) list.current.scrollTop = list.current.scrollHeight
  })
  const { warnings, errors } = store.log
  return (
    <section class="log" aria-label="Log">
      <div class="tools">
        <h2>Log</h2>
        <label class="select">
          <span class="sr">module</span>
          <Select
            value={module}
            options={[['', 'all modules'], ...names.map(name => [name, name] as const)]}
            choose={setModule}
          />
        </label>
        <label class="select">
          <span>level ≥</span>
          <Select value={level} options={LEVELS} choose={setLevel} />
        </label>
        <input
          class="find"
          type="search"
          autocomplete="off"
          placeholder="find…"
          aria-label="find in the log"
          value={find}
          onInput={({ currentTarget: { value } }) => setFind(value)}
        />
        <button
          type="button"
          class={`tool ${isFollowing ? '' : 'on'}`}
          aria-pressed={!isFollowing}
          onClick={() => setFollowing(!isFollowing)}
        >
          <span class={isFollowing ? 'pause' : 'live'} aria-hidden="true" />
          {isFollowing ? 'following' : 'paused'}
        </button>
        {asOf}
        <span class="gap" />
        <span class={`count ${warnings > 0 ? 'look' : 'dim'}`}>
          {warnings > 0 && <Dot kind="look" />} {plural(warnings, 'warning')}
        </span>
        <span class={`count ${errors > 0 ? 'bad' : 'dim'}`}>
          {errors > 0 && <Dot kind="bad" />} {plural(errors, 'error')}
        </span>
        {errors + warnings > 0 && (
          <button
            type="button"
            class={`tool acknowledge ${errors > 0 ? 'bad' : ''}`}
            onClick={() => store.log.acknowledge()}
          >
            Acknowledge
          </button>
        )}
        <button type="button" class="tool theme" title="dark or light (t)" onClick={theme}>
          <span aria-hidden="true">◐</span>
          <span class="sr">dark or light</span>
        </button>
      </div>
      <div
        class="lines"
        ref={list}
        tabIndex={0}
        role="log"
        aria-label="log lines"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          const isAtEnd = scrollHeight - scrollTop - clientHeight < 12
          if (!isAtEnd && isFollowing && kept.current.length > 0) setFollowing(false)
          if (isAtEnd && !isFollowing) setFollowing(true)
        }}
      >
        {kept.current.map(line => (
          <Line key={line.seq} line={line} isOpen={line.seq > store.log.acknowledged} />
        ))}
      </div>
    </section>
  )
}

function Line({ line, isOpen }: { readonly line: LogLine; readonly isOpen: boolean }): JSX.Element {
  const { at, level, levelno, name, text, fields } = line
  const kind = levelno >= 40 ? 'bad' : levelno >= 30 ? 'look' : undefined
  return (
    <div class={`line ${kind ?? ''} ${isOpen ? 'fresh' : ''}`}>
      <span class="dim at">{clockTime(at, 2)}</span>
      <span class="level">
        {kind && <Dot kind={kind} />}
        {level === 'WARNING' ? 'WARN' : level}
      </span>
      <span class="name">{name}</span>
      <span class="message">
        {text}
        <span class="dim">
          {Object.entries(fields).map(([key, value]) => (
            <span key={key}> {`${key}=${String(value)}`}</span>
          ))}
        </span>
      </span>
    </div>
  )
}

function textOf({ name, text, fields }: LogLine): string {
  return `${name} ${text} ${JSON.stringify(fields)}`
}
