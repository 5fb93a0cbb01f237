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

/** One line for a terminal that is rewritten while the demo runs. */
export function statusLine(elapsedS: number, tallies: readonly StreamTally[], results: DemoResults): string {
  const streams = tallies.map(tally => {
    const { watcher, frames, newest } = tally
    const { rateByClock, lost } = watcher.stats
    const rate = watcher.info.nominalSrate > 0 ? ` ${rateByClock.toFixed(1)} Hz` : ` '${newest}'`
    return `${watcher.info.type || watcher.name}: ${frames} frames${rate} lost ${lost + tally.lost} (${watcher.state})`
  })
  const job = `alpha ${results.power.toFixed(2)} uV² from ${results.windows} windows`
  return `${elapsedS.toFixed(1)} s | ${[...streams, job].join(' | ')}`
}

/** What does not hold, a line each; empty when the demo has succeeded. */
export function failures({ tallies, sent, results, jobEnd, upAnswers }: DemoOutcome): string[] {
  const wrong: string[] = []
  for (const { watcher, frames, lost } of tallies) {
    const expected = sent.get(watcher.info.name)
    if (expected !== frames) wrong.push(`'${watcher.info.name}': ${expected ?? 'unknown'} sent, ${frames} received`)
    if (lost + watcher.stats.lost > 0) wrong.push(`'${watcher.info.name}': ${lost + watcher.stats.lost} frames lost`)
  }
  if (results.windows === 0) wrong.push('the job computed nothing')
  if (results.lost > 0) wrong.push(`the job lost ${results.lost} frames`)
  if (jobEnd !== 'returned') wrong.push(`the job ${jobEnd} instead of returning`)
  if (upAnswers === 0) wrong.push('UP was never answered')
  return wrong
}

/** The summary at the end. */
export function summary(outcome: DemoOutcome): string {
  const { tallies, sent, results, stopMs, commands, upAnswers } = outcome
  const streams = tallies.map(tally => {
    const { watcher, frames, lost } = tally
    const stats = watcher.stats
    return [
      `stream '${watcher.info.name}' (${watcher.info.channelCount} x ${watcher.info.channelFormat})`,
      `  frames    ${sent.get(watcher.info.name) ?? '?'} sent, ${frames} received, ${lost + stats.lost} lost`,
      `  latency   p50 ${tally.latencyMs(50).toFixed(2)} ms, p99 ${tally.latencyMs(99).toFixed(2)} ms, push to main thread`,
    ].join('\n')
  })
  const [first] = tallies
  const wrong = failures(outcome)
  return [
    ...streams,
    `job 'band power': ${results.windows} windows from ${results.frames} frames of shared memory, ${results.lost} lost, stopped in ${stopMs.toFixed(1)} ms`,
    `server: ${commands.join(', ')}; ${upAnswers} UP answered`,
    `engine: ${first?.watcher.stats.engine ?? ''} ${first?.watcher.stats.libraryVersion ?? ''}`,
    wrong.length === 0 ? 'all of it held' : `FAILED: ${wrong.join('; ')}`,
  ].join('\n')
}
