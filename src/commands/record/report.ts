import { missingLines, silentLines } from '../../recording/summary-text.js'
import type { RecordingSummary } from '../../recording/recording-summary.js'
import { totalOf } from '../../recording/recording-summary.js'
import type { RecorderEvents } from '../../recording/recorder-events.js'
import type { XdfRecorder } from '../../recording/xdf-recorder.js'
import { clock, size } from '../terminal/sizes.js'
import { table } from '../terminal/table.js'
import { eventText } from '../watch/words.js'

/** Prints what happens to a recording, a line each. */
export function reportEvents(recorder: XdfRecorder, print: (line: string) => void): void {
  recorder
    .on('added', ({ id, info }) => print(`stream ${id} is recorded: ${info.toString()}`))
    .on('refused', ({ stream, reason }) => print(`'${stream}' cannot be recorded: ${reason}`))
    .on('stream', event => print(streamEvent(event)))
    .on('overwritten', ({ stream, samples }) =>
      print(`'${stream}': ${samples} samples were overwritten in memory before they were written`),
    ) // prettier-ignore
    .on('trouble', ({ reason }) => print(`NOT WRITTEN: ${reason}; what arrives is kept in memory`))
    .on('well', () => print('written again'))
    .on('moved', ({ from, to }) => print(`${from} is gone; the recording goes on in ${to}`))
    .on('failed', ({ reason }) => print(`the recording has ended: ${reason}`))
}

function streamEvent({ stream, event, detail }: RecorderEvents['stream'][0]): string {
  return `'${stream}' ${eventText(event, detail)}`
}

/** What a recording came to, for people, the table in at most `width` columns. */
export function summaryLines(summary: RecordingSummary, width = Infinity): string[] {
  const { file, bytes, seconds, streams } = summary
  const rows = streams.map(({ id, info, samples, missing, interruptions }) => [
    `stream ${id}`,
    `'${info.name}'`,
    `${samples} samples`,
    `${totalOf(missing)} missing`,
    interruptions.length === 0 ? '' : counted(interruptions.length, 'interruption'),
  ])
  const missing = missingLines(summary)
  return [
    `${file}: ${clock(seconds)}, ${size(bytes)}, ${counted(streams.length, 'stream')}`,
    ...table(rows, { right: [2, 3], width }),
    ...(missing.length === 0 ? ['nothing is missing'] : missing),
    ...silentLines(summary),
  ]
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
