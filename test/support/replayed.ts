import type { Test } from 'tap'
import { StreamWatcher } from '../../src/stream-watcher.js'
import { readXdf } from '../../src/xdf/read-xdf.js'
import type { XdfStream } from '../../src/xdf/read-xdf.js'
import { Dareplane } from './dareplane.js'
import { recording } from './recordings.js'

/** Which C library each side uses. */
export interface Libraries {
  readonly outlet: string
  readonly watcher: string
}

/** Replays a recording in another process and checks that a watcher on each stream gets it bit for bit, with nothing lost. */
export async function arrivesBitForBit(
  t: Test,
  name: Parameters<typeof recording>[0],
  { outlet: LSL_LIB, watcher: library }: Libraries,
): Promise<void> {
  const { file } = recording(name)
  const args = ['--speed', '100', '--stamps', 'original', '--wait-consumers', '60', '--linger', '30']
  await using outlet = new Dareplane(['outlet', '--xdf', file, ...args], { LSL_LIB })
  await outlet.line(/^ready/)
  const recorded = await readXdf(file)
  const watchers = recorded.map(({ name, times }) => {
    const watcher = new StreamWatcher({ name, library, bufferSamples: Math.max(1000, times.length) })
    t.teardown(() => watcher.disconnect())
    return watcher
  })
  await Promise.all(watchers.map(watcher => watcher.connectToStream({ timeoutS: 20 })))
  await Promise.all(recorded.map((stream, s) => arrives(t, watchers[s]!, stream)))
  await outlet.line(/^sent/)
  for (const [s, { times, name }] of recorded.entries()) {
    t.equal(watchers[s]!.stats.frames, times.length, `${name} has all its frames, and no more`)
    t.match(watchers[s]!.stats, { lost: 0, lapped: 0, overflows: 0 })
  }
  t.match(await outlet.interrupt(), { code: 0 })
}

async function arrives(t: Test, watcher: StreamWatcher, stream: XdfStream): Promise<void> {
  const { times, samples, name, channelCount, channelFormat, nominalSrate, type } = stream
  t.match(watcher.info, { name, channelCount, channelFormat, nominalSrate, type })
  let frames = 0
  if (times.length > 0)
    for await (const window of watcher.windows()) if ((frames += window.frames) >= times.length) break
  const all = watcher.snapshot(times.length)
  t.equal(hex(all.times), hex(times), `stamps of ${name}`)
  if (Array.isArray(samples)) t.strictSame(all.data, samples, `strings of ${name}`)
  else t.equal(hex(all.data as typeof samples), hex(samples), `values of ${name}`)
}

function hex(values: NodeJS.TypedArray): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex')
}
