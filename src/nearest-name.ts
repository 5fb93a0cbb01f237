/** What other libraries, pylsl above all, call it: by name without case and underscores, the likelier one first. */
const OTHER_WORDS = new Map<string, readonly string[]>([
  ['srate', ['nominalSrate', 'sampleRateHz']],
  ['fs', ['nominalSrate', 'sampleRateHz']],
  ['sfreq', ['nominalSrate', 'sampleRateHz']],
  ['rate', ['nominalSrate', 'sampleRateHz']],
  ['samplingrate', ['nominalSrate', 'sampleRateHz']],
  ['nchannels', ['channelCount', 'channels']],
  ['channels', ['channelCount']],
  ['channelnames', ['channels']],
  ['channellabels', ['channels']],
  ['chnames', ['channels']],
  ['labels', ['channels']],
  ['dtype', ['channelFormat', 'format']],
  ['format', ['channelFormat']],
  ['channelformat', ['format']],
  ['contenttype', ['type']],
  ['stype', ['type']],
  ['streamname', ['name']],
  ['source', ['sourceId']],
  ['id', ['sourceId']],
  ['pred', ['predicate']],
  ['xpath', ['predicate']],
  ['maxbuflen', ['queueFrames', 'maxBufferedS']],
  ['maxchunklen', ['chunkSize', 'maxFrames']],
  ['maxsamples', ['maxFrames']],
  ['nsamples', ['frames', 'bufferSamples', 'maxFrames']],
  ['minsamples', ['minFrames']],
  ['waittime', ['timeoutS']],
  ['waittimes', ['timeoutS']],
  ['timeout', ['timeoutS', 'stopTimeoutMs']],
  ['processingflags', ['processing']],
  ['ip', ['host']],
  ['address', ['host', 'ip']],
  ['host', ['ip']],
  ['loglevel', ['level']],
  ['file', ['logfile']],
  ['filename', ['logfile']],
  ['msginterpreter', ['framing']],
])

/** Units that a name ends with here, and often nowhere else. */
const UNIT = /(ms|s)$/

/** The one of the `known` names that is meant by `name`: another spelling, another library's word, or a slip; else undefined. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const word = plain(name)
  const same = known.find(each => plain(each) === word)
  if (same !== undefined) return same
  const unitless = known.find(each => plain(each).replace(UNIT, '') === word.replace(UNIT, ''))
  if (unitless !== undefined) return unitless
  const translated = OTHER_WORDS.get(word)?.find(each => known.includes(each))
  if (translated !== undefined) return translated
  const [nearest] = known
    .map(each => ({ each, slips: distance(word, plain(each)) }))
    .filter(({ each, slips }) => slips <= Math.max(1, Math.min(word.length, each.length) / 3))
    .sort((one, other) => one.slips - other.slips)
  return nearest?.each
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** How many letters must be put in, left out, changed, or swapped with the next to make one word the other. */
function distance(one: string, other: string): number {
  let before: readonly number[] = []
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let index = 0; index < one.length; index++) {
    const next = [index + 1]
    for (let column = 1; column <= other.length; column++) {
      const changed = (row[column - 1] ?? 0) + (other[column - 1] === one[index] ? 0 : 1)
      const isSwap = other[column - 1] === one[index - 1] && other[column - 2] === one[index]
      const swapped = isSwap ? (before[column - 2] ?? Infinity) + 1 : Infinity
      next.push(Math.min(changed, swapped, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row.at(-1) ?? 0
}
