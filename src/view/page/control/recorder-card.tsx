import type { JSX } from 'preact'
import { RECORDER } from '../../wire/status.js'
import type { RecorderStatus } from '../../wire/status.js'
import { clockTime, duration, plural, size } from '../../words/format.js'
import { Dot } from '../icons.js'
import type { Store } from '../state/store.js'
import type { Kind } from '../kinds.js'
import { CommandButton } from './command-button.js'

const COMMANDS = ['RECORD', 'STOPRECORD'] as const
const noArguments = (): { kwargs: Record<string, unknown> } => ({ kwargs: {} })

/** The recorder: whether it records, what is in the file, what is missing, and how much the disk has left. */
export function RecorderCard({
  store,
  recorder,
  isArmed,
}: {
  readonly store: Store
  readonly recorder: RecorderStatus
  readonly isArmed: boolean
}): JSX.Element {
  const { address, isUp, isRecording, file, bytes, diskFree, trouble, streams, absent, answer } = recorder
  const missing = streams.filter(stream => stream.missing > 0)
  const isBad = isUp && trouble !== undefined
  const kind: Kind = !store.isLive ? 'dead' : isBad ? 'bad' : isUp ? 'ok' : 'look'
  const state = isUp ? 'up' : 'silent'
  const note = store.commands.notes.get(RECORDER)
  const isNoted = note !== undefined && note.until > performance.now()
  const did = isNoted ? note : answer && { ...answer, isBad: !answer.text.endsWith('OK') }
  return (
    <article class="card recorder" aria-label="Recorder">
      <div class="title">
        <Dot kind={kind} />
        <b class="name">recorder</b>
        <b class={`word ${kind}`}>{store.isLive ? wordOf(recorder) : 'unknown'}</b>
      </div>
      <div class="dim sub">
        {file === undefined || file === '' ? address : <span title={file}>{shortPath(file)}</span>}
      </div>
      {isRecording === true && (
        <div class="figures">
          <span>in the file</span>
          <span>
            <b>{size(bytes ?? 0)}</b> of {plural(streams.length, 'stream')}
          </span>
          <span>disk left</span>
          <span>
            <b>{diskFree === undefined ? '–' : size(diskFree)}</b>
          </span>
          <span>missing</span>
          {missing.length === 0 ? (
            <span>
              <b>0</b>
            </span>
          ) : (
            <span class="look">
              {missing.map(({ name, missing: count }) => (
                <span key={name}>
                  <b>{count}</b> {name}{' '}
                </span>
              ))}
            </span>
          )}
        </div>
      )}
      {isRecording === true && absent.length > 0 && <div class="look sub">waits for {absent.join(', ')}</div>}
      {isBad && (
        <div class="alarm" role="alert">
          <b>NOT WRITTEN.</b> {trouble}. What arrives is kept in memory.
        </div>
      )}
      <div class="buttons">
        {COMMANDS.map((name, i) => (
          <CommandButton
            key={name}
            store={store}
            module={{ key: RECORDER, name: 'the recorder', state }}
            command={{ name }}
            isArmed={isArmed && isRecording !== (i === 0)}
            filled={noArguments}
          />
        ))}
      </div>
      <div class="answer">
        {did && <span class={did.isBad ? 'bad' : ''}>{did.text}</span>}
        {did && 'at' in did && (
          <span class="dim">
            {clockTime(did.at, 2)} by {did.by}
          </span>
        )}
      </div>
    </article>
  )
}

function wordOf({ isUp, isRecording, seconds = 0 }: RecorderStatus): string {
  if (!isUp) return 'not there'
  if (isRecording === undefined) return 'UP'
  return isRecording ? `RECORDING ${duration(seconds)}` : 'not recording'
}

/** The end of a path: the name of the file is what counts. */
function shortPath(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? path
  return name.length > 44 ? `…${name.slice(-43)}` : name
}
