import { childOf } from '../../lsl/xml.js'
import { missingInFooter } from '../../xdf/describe-xdf.js'
import type { FileDescription, StreamDescription } from '../../xdf/describe-xdf.js'
import { clock } from '../terminal/sizes.js'
import { table } from '../terminal/table.js'

const HEADINGS = ['ID', 'NAME', 'TYPE', 'CHANNELS', 'FORMAT', 'NOMINAL', 'SEEN', 'SAMPLES', 'DURATION', 'GAPS', 'MISSING', 'OFFSETS'] // prettier-ignore
const RIGHT = [0, 3, 5, 6, 7, 8, 9, 10, 11]

/** What a recording holds, for people. */
export function descriptionLines({ header, streams }: FileDescription): string[] {
  const begun = childOf(header, 'datetime')?.text ?? ''
  const recorder = childOf(header, 'recorder')?.text ?? ''
  const head = [begun === '' ? '' : `begun ${begun}`, recorder === '' ? '' : `by ${recorder}`].filter(
    part => part !== '',
  )
  const lines = streams.length === 0 ? ['no stream'] : table([HEADINGS, ...streams.map(cells)], { right: RIGHT })
  return [...(head.length === 0 ? [] : [head.join(' ')]), ...lines, ...streams.flatMap(interruptions)]
}

function cells({ stream, frames, rate, seconds, gaps, gapFrames, clockOffsets, footer }: StreamDescription): string[] {
  const { id, name, type, channelCount, channelFormat, nominalSrate } = stream
  const missing = missingInFooter(footer).reduce((sum, [, samples]) => sum + samples, 0)
  return [
    String(id),
    name,
    type,
    String(channelCount),
    channelFormat,
    nominalSrate === 0 ? 'irregular' : `${nominalSrate} Hz`,
    nominalSrate === 0 || rate === 0 ? '-' : `${rate.toFixed(2)} Hz`,
    String(frames),
    frames === 0 ? '-' : clock(seconds),
    gaps === 0 ? '0' : `${gaps} (${gapFrames})`,
    footer === undefined ? 'no footer' : String(missing),
    offsetsText(clockOffsets.map(({ offset }) => offset)),
  ]
}

function offsetsText(offsets: readonly number[]): string {
  if (offsets.length === 0) return 'none'
  const [least, most] = [Math.min(...offsets), Math.max(...offsets)]
  const ms = (seconds: number): string => (seconds * 1000).toFixed(3)
  return `${offsets.length}: ${least === most ? ms(least) : `${ms(least)} to ${ms(most)}`} ms`
}

function interruptions({ stream, footer }: StreamDescription): string[] {
  const all = childOf(footer, 'interruptions')?.children ?? []
  return all.map(each => {
    const text = (name: string): string => childOf(each, name)?.text ?? ''
    const [from, to] = [Number(text('from')), text('to')]
    const length = to === '' ? 'until the end' : `for ${(Number(to) - from).toFixed(1)} s`
    return `'${stream.name}' (stream ${stream.id}) was away ${length} from ${from.toFixed(3)}: ${text('reason')}`
  })
}
