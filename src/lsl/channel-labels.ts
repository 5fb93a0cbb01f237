import type { XmlElement } from './xml.js'

/** A field of each channel (`desc/channels/channel`), '' where it is not given. */
export function ofChannels(desc: XmlElement, channelCount: number, field: string): string[] {
  const channels = desc.children
    .filter(child => child.name === 'channels')
    .flatMap(({ children }) => children.filter(child => child.name === 'channel'))
  return Array.from(
    { length: channelCount },
    (_, index) => channels[index]?.children.find(child => child.name === field)?.text ?? '',
  )
}

/** One name per channel: its label, 'ch_1' and so on where there is none. */
export function channelLabels(desc: XmlElement, channelCount: number): string[] {
  return ofChannels(desc, channelCount, 'label').map((label, index) => label || `ch_${index + 1}`)
}
