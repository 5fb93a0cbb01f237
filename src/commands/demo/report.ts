import type { DemoResults } from './demo-results.js'
import type { StreamTally } from './stream-tally.js'

/** What a run of the demo came to. */
export interface DemoOutcome {
  readonly tallies: readonly StreamTally[]
  /** Frames sent by stream name. */
  readonly sent: ReadonlyMap<string, number>
  readonly results: DemoResults
  /** How the job ended. */
  readonly jobEnd: string
  readonly stopMs: number
  readonly commands: readonly string[]
  readonly upAnswers: number
}

/** One line that is rewritten while the demo runs. What counts comes first: the end is cut where a terminal is narrow. */
export function statusLine(elapsedS: number, tallies: readonly StreamTally[], results: DemoResults): string {
  const missing = tallies.reduce((sum, { watcher, lost }) => sum + watcher.stats.lost + lost, results.lost)
  const streams = tallies.map(({ watcher, frames, newest }) => {
    const { info, state, stats } = watcher
    const now = info.nominalSrate > 0 ? `${stats.rateByClock.toFixed(1)} Hz` : `'${newest}'`
    const trouble = state === 'connected' ? '' : ` ${state.toUpperCase()}`
    return `${info.type || info.name} ${now}, ${frames} samples${trouble}`
  })
  return [`${elapsedS.toFixed(1)} s`, alphaText(results), `missing ${missing}`, ...streams].join(' | ')
}

const alphaText = ({ power }: DemoResults): string => `alpha ${power.toFixed(2)} µV²`

/** What does not hold, a line each; empty when the demo has succeeded. */
export function failures({ tallies, sent, results, jobEnd, upAnswers }: DemoOutcome): string[] {
  const wrong: string[] = []
  for (const { watcher, frames, lost } of tallies) {
    const expected = sent.get(watcher.info.name)
    if (expected !== frames) wrong.push(`'${watcher.info.name}': ${expected ?? 'unknown'} sent, ${frames} received`)
    if (lost + watcher.stats.lost > 0)
      wrong.push(`'${watcher.info.name}': ${lost + watcher.stats.lost} samples missing`)
  }
  if (results.windows === 0) wrong.push('the job computed nothing')
  if (results.lost > 0) wrong.push(`the job missed ${results.lost} samples`)
  if (jobEnd !== 'returned') wrong.push(`the job ${jobEnd} instead of returning`)
  if (upAnswers === 0) wrong.push('UP was never answered')
  return wrong
}

/** What to try next, with commands that work as they stand. */
const NEXT = [
  'next: npx dareplane outlet --name mine      sends a stream of your own',
  '      npx dareplane watch mine              shows it in another terminal',
  '      npx dareplane new-module my-module    writes a module to start from',
]

/** The summary at the end, a line each. */
export function summary(outcome: DemoOutcome): string[] {
  const { tallies, sent, results, stopMs, commands, upAnswers } = outcome
  const streams = tallies.flatMap(tally => {
    const { watcher, frames, lost } = tally
    const { info, stats } = watcher
    return [
      `stream '${info.name}' (${info.channelCount} x ${info.channelFormat})`,
      `  samples   ${sent.get(info.name) ?? '?'} sent, ${frames} received, ${lost + stats.lost} missing`,
      `  latency   p50 ${tally.latencyMs(50).toFixed(2)} ms, p99 ${tally.latencyMs(99).toFixed(2)} ms, from the push to the main thread`,
    ]
  })
  const [first] = tallies
  const wrong = failures(outcome)
  return [
    ...streams,
    `job 'band power' in a thread of its own: ${alphaText(results)} in the last second`,
    `  ${results.windows} windows from ${results.frames} shared samples, ${results.lost} missing; stopped in ${stopMs.toFixed(1)} ms`,
    `server: ${commands.join(', ')}; ${upAnswers} UP answered`,
    `engine: ${first?.watcher.stats.engine ?? ''} ${first?.watcher.stats.libraryVersion ?? ''}`,
    ...(wrong.length === 0
      ? ['PASSED: all samples arrived, the server answered, the job stopped', ...NEXT]
      : [`FAILED: ${wrong.join('; ')}`]),
  ]
}
