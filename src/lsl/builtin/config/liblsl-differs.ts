import { parseIni } from './parse-ini.js'
import type { IniFile } from './parse-ini.js'

const SETS = new Set([
  'lab.KnownPeers',
  'multicast.AddressesOverride',
  ...['Machine', 'Link', 'Site', 'Organization', 'Global'].map(scope => `multicast.${scope}Addresses`),
])

/** How liblsl reads the text of a configuration file that is read as `here`, where that differs; undefined where it does not. */
export function liblslDiffers(text: string, here: IniFile): string | undefined {
  const there = parseIni(text, { strict: true })
  if ('reason' in there) {
    const mark = text.startsWith('\uFEFF') ? ', after a byte-order mark' : ''
    return `liblsl ignores the whole file (${there.reason}${mark})`
  }
  const lost = [...here.entries]
    .filter(([key, value]) => there.entries.get(key) !== value || (SETS.has(key) && !/^\{.*\}$/.test(value)))
    .map(([key]) => `${key} (line ${here.lines.get(key) ?? 0})`)
  return lost.length > 0 ? `liblsl does not read ${lost.join(', ')}` : undefined
}
