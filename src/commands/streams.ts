import { Command } from 'commander'
import { resolveStreams } from '../lsl/resolve.js'
import type { StreamInfo } from '../lsl/stream-info.js'
import { seconds } from './terminal/arguments.js'
import { safeName } from '../safe-text.js'
import { say, sayJson } from './terminal/say.js'
import { table } from './terminal/table.js'

const HEADINGS = ['NAME', 'TYPE', 'CHANNELS', 'FORMAT', 'RATE', 'SOURCE ID', 'HOST', 'UID']
const NUMERIC_COLUMNS = [2, 4]
/** Left out where a terminal has no room for them, in this order: UID, HOST, FORMAT. JSON has all. */
const OPTIONAL_COLUMNS = [7, 6, 3]

/** `dareplane streams`: what is on the network. */
export function streamsCommand(): Command {
  return new Command('streams')
    .description('list the LSL streams on the network')
    .option('--json', 'print a JSON array')
    .option('--wait <s>', 'how many seconds to wait for answers', seconds, 1)
    .action(async ({ json, wait }: { json?: true; wait: number }) => {
      const streams = (await resolveStreams(wait)).sort(
        (a, b) => a.name.localeCompare(b.name) || (a.uid < b.uid ? -1 : 1),
      )
      if (json) sayJson(streams.map(plain), 2)
      else if (streams.length > 0) {
        const layout = { right: NUMERIC_COLUMNS, optional: OPTIONAL_COLUMNS, ...terminalWidth() }
        say(table([HEADINGS, ...streams.map(cells)], layout))
      }
      // Not a mistake: an empty network is an answer too, and `dareplane doctor` tells whether it is a true one.
      else say(`no streams answered within ${wait} s; 'dareplane doctor' checks the network`)
    })
}

/** A pipe has room for everything. */
function terminalWidth(): { width?: number } {
  return process.stdout.isTTY ? { width: process.stdout.columns } : {}
}

function plain(info: StreamInfo): Record<string, string | number> {
  const { name, type, channelCount, channelFormat, nominalSrate, sourceId, hostname, uid, sessionId, createdAt } = info
  return { name, type, channelCount, channelFormat, nominalSrate, sourceId, hostname, uid, sessionId, createdAt }
}

function cells(info: StreamInfo): string[] {
  const { name, type, channelCount, channelFormat, nominalSrate, sourceId, hostname, uid } = info
  const rate = nominalSrate === 0 ? 'irregular' : String(nominalSrate)
  return [name, type, String(channelCount), channelFormat, rate, sourceId, hostname, uid].map(safeName)
}
