// The log server and its senders under what networks, disks and processes do to them.
// Arguments: --seconds N (a sixth for each of the six long parts; from 180 s on all of them are of full size), --seed N,
// --only TEXT (parts with that in their name).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { crashes } from './logging/crashes.js'
import { fullDisk } from './logging/full-disk.js'
import { fullSpeed } from './logging/full-speed.js'
import { hugeLengths, tornFrames } from './logging/hostile-clients.js'
import { mutations } from './logging/mutations.js'
import { stalledDisk } from './logging/stalled-disk.js'
import { stoppedAndKilled } from './logging/stopped-and-killed.js'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    only: { type: 'string', default: '' },
  },
})
const seconds = Number(values.seconds) / 6
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const folder = mkdtempSync(join(tmpdir(), 'dareplane-logging-'))
const parts = { mutations, fullSpeed, stoppedAndKilled, hugeLengths, tornFrames, fullDisk, stalledDisk, crashes }

try {
  for (const [name, part] of Object.entries(parts)) {
    if (!name.toLowerCase().includes(values.only.toLowerCase())) continue
    const startMs = performance.now()
    const figures = await part({ folder, seconds, seed })
    console.log(`${name} (${((performance.now() - startMs) / 1000).toFixed(1)} s): ${figures}`)
  }
} catch (error) {
  console.error(`seed ${seed}`)
  throw error
} finally {
  rmSync(folder, { recursive: true, force: true })
}
