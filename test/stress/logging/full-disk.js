import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { platform } from '../../../src/system/platform.js'

/** A disk of 1 MiB is full for a while: the newest 8 MiB are kept, the rest is counted. Linux; elsewhere it says so. */
export async function fullDisk() {
  if (platform() !== 'linux') return 'skipped: needs Linux'
  // In a namespace of its own one may mount without being root, and nothing is left behind.
  const script = join(import.meta.dirname, 'full-disk.process.js')
  const child = spawn('unshare', ['-rm', process.execPath, script], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
  const [code] = await once(child, 'close').catch(() => [77])
  if (code === 77) return 'skipped: namespaces are not permitted here'
  if (code !== 0) throw new Error(output)
  return output.trim()
}
