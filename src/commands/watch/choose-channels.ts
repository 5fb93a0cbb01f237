/**
 * The channels, counted from 0, that a list such as `1,3-5,Cz` names: by number from 1 on, by a range of numbers, or by label. A
 * label goes before a number. Throws a RangeError that names what is no channel.
 */
export function chooseChannels(list: string | undefined, labels: readonly string[]): number[] {
  if (list === undefined) return labels.map((_, channel) => channel)
  const chosen = list
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '')
    .flatMap(word => channelsNamed(word, labels))
  if (chosen.length === 0) throw new RangeError(`--channels must name a channel, got '${list}'`)
  return [...new Set(chosen)]
}

function channelsNamed(word: string, labels: readonly string[]): number[] {
  const labelled = labels.findIndex(label => label.toLowerCase() === word.toLowerCase())
  if (labelled >= 0) return [labelled]
  const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(word) ?? []
  const [from, to] = [Number(first), Number(last)]
  if (!(from >= 1 && to >= from && to <= labels.length)) {
    throw new RangeError(
      `--channels: '${word}' is no channel of this stream, which has ${labels.length}: ${some(labels)}`,
    )
  }
  return Array.from({ length: to - from + 1 }, (_, n) => from - 1 + n)
}

const some = (labels: readonly string[]): string =>
  (labels.length > 12 ? [...labels.slice(0, 12), '...'] : labels).join(', ')
