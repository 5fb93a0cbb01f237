import { readdirSync } from 'node:fs'
import { platform } from '../../../src/system/platform.js'

const count = folder => (platform() === 'linux' ? readdirSync(folder).length : 0)

/** What this process holds, after it has collected its garbage. */
export function ownFigures() {
  globalThis.gc?.()
  return { descriptors: count('/proc/self/fd'), threads: count('/proc/self/task'), rss: process.memoryUsage.rss() }
}
