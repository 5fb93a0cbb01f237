import type { ClockOffset } from './stamps/clock-map.js'

/** Why and when samples of a stream did not arrive. */
export interface Interruption {
  readonly reason: string
  /** LSL clock seconds of the recorder. */
  readonly from: number
  /** When samples arrived again; undefined when they did not. */
  readonly to?: number
  /** Samples that a regular stream would have had meanwhile, by the stamps; 0 for an irregular one. */
  readonly samples?: number
}

/** Samples of a stream that are not in the recording, by cause. */
interface MissingSamples {
  /** Gaps in the stamps of a regular stream: in the device, in the network or while the stream was away. */
  readonly inGaps: number
  /** Overwritten in memory before they were written to the file. */
  readonly overwritten: number
}

/** What the footer of a stream says. */
export interface StreamEnding {
  readonly firstTime: number | undefined
  readonly lastTime: number | undefined
  readonly sampleCount: number
  readonly clockOffsets: readonly ClockOffset[]
  readonly missing?: MissingSamples
  readonly interruptions?: readonly Interruption[]
}

/** The document of the file header chunk. */
export function fileHeaderXml(begun: Date, recorder: string): string {
  return `<?xml version="1.0"?>\n<info><version>1.0</version>${element('datetime', begun.toISOString())}${element('recorder', recorder)}</info>`
}

/** The document of a stream footer chunk: what LabRecorder writes, and what is missing. */
export function footerXml(ending: StreamEnding): string {
  const { firstTime, lastTime, sampleCount, clockOffsets, missing, interruptions } = ending
  const offsets = clockOffsets.map(({ time, offset }) => element('offset', element('time', time) + element('value', offset), { isXml: true })) // prettier-ignore
  return (
    '<?xml version="1.0"?>\n<info>' +
    (firstTime === undefined ? '' : element('first_timestamp', firstTime)) +
    (lastTime === undefined ? '' : element('last_timestamp', lastTime)) +
    element('sample_count', sampleCount) +
    element('clock_offsets', offsets.join(''), { isXml: true }) +
    (missing === undefined ? '' : missingXml(missing)) +
    (interruptions === undefined || interruptions.length === 0 ? '' : interruptionsXml(interruptions)) +
    '</info>'
  )
}

function missingXml({ inGaps, overwritten }: MissingSamples): string {
  const causes = element('in_gaps', inGaps) + element('overwritten', overwritten)
  return element('missing_samples', causes, { isXml: true })
}

function interruptionsXml(interruptions: readonly Interruption[]): string {
  const each = interruptions.map(({ reason, from, to, samples }) => {
    const fields = [element('reason', reason), element('from', from)]
    if (to !== undefined) fields.push(element('to', to))
    if (samples !== undefined) fields.push(element('samples', samples))
    return element('interruption', fields.join(''), { isXml: true })
  })
  return element('interruptions', each.join(''), { isXml: true })
}

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }

function element(name: string, content: string | number, { isXml = false }: { readonly isXml?: boolean } = {}): string {
  const text = isXml ? content : String(content).replace(/[<>&]/g, sign => ENTITIES[sign] ?? '')
  // Characters that XML does not know at all, in the reason of an error for example.
  return `<${name}>${String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ' ')}</${name}>`
}
