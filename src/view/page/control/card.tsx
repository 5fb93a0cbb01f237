import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { CommandDescription, ModuleStatus } from '../../wire/status.js'
import { clockTime, duration, plural } from '../../words/format.js'
import { Dot } from '../icons.js'
import type { Store } from '../state/store.js'
import type { Kind } from '../kinds.js'
import { CommandButton } from './command-button.js'
import { Fields } from './fields.js'
import { formKwargs, jsonKwargs } from '../../words/form-values.js'
import type { FormValues } from '../../words/form-values.js'

const KINDS: Readonly<Record<ModuleStatus['state'], Kind>> = {
  up: 'ok',
  connecting: 'look',
  silent: 'bad',
  down: 'bad',
}

/** A module: whether it answers, its jobs, its commands, and what came of them. */
export function Card({
  store,
  module,
  isArmed,
}: {
  readonly store: Store
  readonly module: ModuleStatus
  readonly isArmed: boolean
}): JSX.Element {
  const { key, name, address, state, jobs, endedJobs, commands, answer, notConfirmed, silentS, upMs } = module
  const kind: Kind = store.isLive ? KINDS[state] : 'dead'
  const [text, setText] = useState('')
  const [filled, setFilled] = useState<Readonly<Record<string, FormValues>>>({})
  const isJson = commands.some(({ fields }) => fields === undefined)
  const form = (command: CommandDescription): JSX.Element | null => (
    <Fields
      fields={command.fields ?? []}
      values={filled[command.name] ?? {}}
      fill={values => setFilled({ ...filled, [command.name]: values })}
    />
  )
  const button = (command: CommandDescription): JSX.Element => (
    <CommandButton
      key={command.name}
      store={store}
      module={module}
      command={command}
      isArmed={isArmed}
      filled={() => (command.fields ? formKwargs(command.fields, filled[command.name] ?? {}) : jsonKwargs(text))}
    />
  )
  const words = {
    up: `UP ${(upMs ?? 0).toFixed(0)} ms`,
    connecting: 'not there yet',
    silent: `NO ANSWER ${(silentS ?? 0).toFixed(1)} s`,
    down: 'DOWN',
  }
  const count = jobs === undefined ? 'jobs not reported' : jobs.length === 0 ? 'no job' : plural(jobs.length, 'job')
  const note = store.commands.notes.get(key)
  const unconfirmed = store.commands.stops.unconfirmed(key)
  const hasNoJob = store.isLive && jobs?.length === 0
  const alarm = notConfirmed ?? (unconfirmed && !hasNoJob ? { at: unconfirmed.at, mayHaveJob: true } : undefined)
  const isNoted = note !== undefined && note.until > performance.now()
  return (
    <article class="card" aria-label={`Module ${name}`}>
      <div class="title">
        <Dot kind={kind} />
        <b class="name">{name}</b>
        <b class={`word ${kind}`}>{store.isLive ? words[state] : 'unknown'}</b>
      </div>
      <div class="dim sub">
        {address} · {count}
      </div>
      {jobs?.map(job => (
        <div class="job" key={`${job.command}${job.name}`}>
          <span class="play" aria-hidden="true" />
          <span>{job.name}</span>
          <span class="right">{store.isLive ? `runs ${duration(job.ageS)}` : `had run ${duration(job.ageS)}`}</span>
        </div>
      ))}
      {jobs?.length === 0 && endedJobs[0] && (
        <div class="job ended">
          <span class="circle" aria-hidden="true" />
          <span>{endedJobs[0].name}</span>
          <span class="right">
            {endedJobs[0].how} {clockTime(endedJobs[0].at, 2)}
          </span>
        </div>
      )}
      {alarm && (
        <div class="alarm" role="alert">
          <b>STOP not confirmed here.</b> Sent {clockTime(alarm.at, 2)}, no answer.{' '}
          {alarm.mayHaveJob ? 'A job may still run.' : 'No job was known to run.'} If in doubt, use the device’s own
          switch.
        </div>
      )}
      {commands[0] && form(commands[0])}
      <div class="buttons">
        {commands.slice(0, 1).map(button)}
        <StopButton store={store} module={key} name={name} />
        {commands.slice(1).map(command =>
          (command.fields?.length ?? 0) === 0 ? (
            button(command)
          ) : (
            <div key={command.name} class={`form ${command.fields?.length === 1 ? 'one' : ''}`}>
              {form(command)}
              {button(command)}
            </div>
          ),
        )}
      </div>
      {isJson && (
        <label class="arguments">
          <span>arguments</span>
          <input
            type="text"
            autocomplete="off"
            value={text}
            placeholder='{"name": value}'
            spellcheck={false}
            onInput={({ currentTarget: { value } }) => setText(value)}
          />
        </label>
      )}
      <div class="answer">
        {isNoted ? (
          <span class={note.isBad ? 'bad' : ''}>{note.text}</span>
        ) : answer ? (
          <>
            <span class={answer.text.endsWith('no answer') ? 'bad' : ''}>{answer.text}</span>
            <span class="dim">
              {clockTime(answer.at, 2)} by {answer.by}
            </span>
          </>
        ) : null}
      </div>
    </article>
  )
}

/** STOP of one module: one press. */
function StopButton({
  store,
  module,
  name,
}: {
  readonly store: Store
  readonly module: string
  readonly name: string
}): JSX.Element {
  return (
    <button
      type="button"
      class="stop"
      title={`STOP ${name}`}
      onPointerDown={event => {
        if (event.button === 0) store.commands.stop(module)
      }}
      onKeyDown={event => {
        if ((event.key === 'Enter' || event.key === ' ') && !event.repeat) store.commands.stop(module)
      }}
    >
      <span class="square" aria-hidden="true" /> STOP
    </button>
  )
}
