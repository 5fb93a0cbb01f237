import { LIVE_LIMIT_MS } from '../wire/messages.js'
import type { ModuleStatus, RecorderStatus, StreamDescription, StreamStatus } from '../wire/status.js'
import { age, clockTime, plural } from './format.js'

export type Word = 'ALL WELL' | 'LOOK' | 'TROUBLE' | 'NOT LIVE'

/** The one state of the session, and why. */
export interface SessionState {
  readonly word: Word
  readonly title: string
  readonly detail: string
}

export interface Seen {
  /** Milliseconds since the page heard anything. */
  readonly silentMs: number
  /** Unix time, seconds, of the last news. */
  readonly heardAt: number
  readonly tries: number
  readonly streams: readonly (StreamStatus & Pick<StreamDescription, 'name' | 'channelNames' | 'nominalSrate'>)[]
  readonly modules: readonly ModuleStatus[]
  readonly recorder?: RecorderStatus | undefined
  /** What is wrong with the configuration of LSL. */
  readonly fault?: string | undefined
  readonly warnings: number
  readonly errors: number
  /** What puts LSL time on the wall clock. */
  readonly wallMinusLsl: number
}

/** Judges all that is known; the worst decides. Pure. */
export function sessionState(seen: Seen): SessionState {
  const { silentMs, heardAt, tries, streams, modules } = seen
  if (silentMs > LIVE_LIMIT_MS) {
    const since = (silentMs / 1000).toFixed(1)
    const again = tries > 0 ? `reconnecting, try ${tries} · ` : ''
    if (!Number.isFinite(heardAt))
      return {
        word: 'NOT LIVE',
        title: 'The page has heard nothing yet',
        detail: `${again}the experiment may well be running`,
      }
    return {
      word: 'NOT LIVE',
      title: `The page has heard nothing for ${since} s`,
      detail: `last news ${clockTime(heardAt, 1)} · ${again}the experiment may well be running`,
    }
  }
  const bad = [...streams.flatMap(badStream), ...modules.flatMap(badModule), ...badRecorder(seen.recorder)]
  if (seen.errors > 0) bad.push(`${plural(seen.errors, 'error')} in the log`)
  const look = [
    ...streams.flatMap(stream => lookStream(stream, seen.wallMinusLsl)),
    ...modules.flatMap(lookModule),
    ...lookRecorder(seen.recorder),
  ]
  if (seen.warnings > 0) look.push(`${plural(seen.warnings, 'warning')} in the log`)
  if (seen.fault !== undefined) look.push(seen.fault)
  if (streams.length === 0) look.push('no stream found yet')
  if (bad.length > 0) return told('TROUBLE', [...bad, ...look])
  if (look.length > 0) return told('LOOK', look)
  return {
    word: 'ALL WELL',
    title: [
      `${streams.length} of ${plural(streams.length, 'stream')} connected`,
      ...(modules.length === 0 ? [] : [`${modules.length} of ${plural(modules.length, 'module')} answer`]),
    ].join(' · '),
    detail: 'nothing missing in the last 10 minutes',
  }
}

function told(word: Word, reasons: readonly string[]): SessionState {
  return { word, title: reasons[0] ?? '', detail: reasons.slice(1, 4).join(' · ') }
}

type SeenStream = Seen['streams'][number]

function badStream({ name, state, ageS }: SeenStream): string[] {
  const { value, unit } = age(ageS)
  if (state === 'lost' || state === 'stalled')
    return [`${name} ${state}${ageS === undefined ? '' : ` ${value} ${unit} ago`}`]
  if (state === 'incompatible') return [`${name} came back with another shape`]
  return state === 'failed' ? [`the watcher of ${name} has died`] : []
}

function lookStream(stream: SeenStream, wallMinusLsl: number): string[] {
  const { name, state, missingRecently, nominalSrate, badges, channelNames, foreignClock } = stream
  const reasons: string[] = []
  if (state === 'foreign clock')
    reasons.push(foreignClock === 'unix' ? `${name} is stamped with Unix time` : `${name} has a clock of its own`)
  if (state === 'recovered' && missingRecently === 0)
    reasons.push(`${name} was held up and is back, nothing is missing`)
  if (state === 'connecting') reasons.push(`${name} is being connected`)
  if (state !== 'lost' && state !== 'stalled' && missingRecently > 0)
    reasons.push(
      nominalSrate > 0
        ? `${name}: ${(missingRecently / nominalSrate).toFixed(2)} s missing`
        : `${name}: ${missingRecently} missing`,
    )
  for (const { channel, badge, since } of badges.slice(0, 3)) {
    const word = badge === 'NaN' ? 'not a number' : badge.toLowerCase()
    reasons.push(`${channelNames[channel] ?? channel} ${word} since ${clockTime(since + wallMinusLsl)}`)
  }
  if (badges.length > 3) reasons.push(`${badges.length - 3} more channels`)
  return reasons
}

function badModule({ name, state, silentS, notConfirmed }: ModuleStatus): string[] {
  const reasons = notConfirmed?.mayHaveJob === true ? [`STOP of ${name} is not confirmed`] : []
  if (state === 'silent')
    reasons.push(`${name} does not answer${silentS === undefined ? '' : `, ${silentS.toFixed(1)} s`}`)
  if (state === 'down') reasons.push(`${name} is down`)
  return reasons
}

function lookModule({ name, state, notConfirmed }: ModuleStatus): string[] {
  if (state === 'connecting') return [`${name} is not there yet`]
  return notConfirmed?.mayHaveJob === false ? [`STOP of ${name} is not confirmed`] : []
}

function badRecorder(recorder: RecorderStatus | undefined): string[] {
  return recorder?.trouble === undefined ? [] : ['the recording is NOT WRITTEN']
}

function lookRecorder(recorder: RecorderStatus | undefined): string[] {
  if (recorder === undefined) return []
  if (!recorder.isUp) return ['the recorder does not answer']
  const missing = recorder.streams.reduce((sum, stream) => sum + stream.missing, 0)
  return [
    ...(missing > 0 ? [`the recording misses ${plural(missing, 'sample')}`] : []),
    ...recorder.absent.map(each => `the recorder waits for ${each}`),
  ]
}
