// Opens and closes inlets, and then watchers, on one outlet of numbers and one of strings, on one engine after the other:
// memory, descriptors and threads of the process must not grow. Usage: node scripts/stress.js lsl [--seconds N] [--cycles N]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { loopbackFolder } from '../support/project.js'

const BATCH = 32
const WATCHERS = 8
/** Before it the process has not yet all the memory that it uses again and again. */
const WARM_UP_SHARE = 0.3
/** What an inlet may cost for good, and a watcher: koffi 3.3 keeps 35 kB of every thread that has loaded it. */
const INLET_KB = 24
const WATCHER_KB = 150
/** What the allocator may do on its own, however few the cycles. */
const SLACK_KB = 16 * 1024

const { values } = parseArgs({ options: { seconds: { type: 'string' }, cycles: { type: 'string' } } })
const seconds = Number(values.seconds ?? process.env.STRESS_SECONDS ?? 60)
const cycles = Number(values.cycles ?? 1000)

const ENGINES = ['liblsl', 'builtin']
// Releasing an inlet takes liblsl 500 ms on a thread of the pool, which is sized before the process starts.
if (process.env.LSL_STRESS === undefined) {
  const codes = []
  for (const engine of ENGINES) codes.push(await again(engine))
  process.exit(Math.max(...codes))
}

async function again(engine) {
  const prebuilt = join(dirname(createRequire(import.meta.url).resolve('node-lsl/package.json')), 'prebuilt')
  const env = {
    ...process.env,
    LSL_STRESS: '1',
    DAREPLANE_ENGINE: engine,
    UV_THREADPOOL_SIZE: String(BATCH),
    LSLAPICFG: join(loopbackFolder, 'lsl_api.cfg'),
    LSL_LIB: process.env.LSL_LIB ?? join(prebuilt, 'liblsl64.so'),
    // Or glibc takes the memory of rings from the heaps of threads after a while, and keeps it there.
    MALLOC_MMAP_THRESHOLD_: String(128 * 1024),
    MALLOC_TRIM_THRESHOLD_: String(128 * 1024),
  }
  const args = [
    '--expose-gc',
    import.meta.filename,
    '--seconds',
    String(seconds / ENGINES.length),
    '--cycles',
    String(cycles),
  ]
  const child = spawn(process.execPath, args, { cwd: loopbackFolder, env, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return code ?? 1
}

const { resolveByProp, StreamInfo, StreamInlet, StreamOutlet, StreamWatcher } = await import('../../src/index.js')

function usage() {
  globalThis.gc()
  const status = readFileSync('/proc/self/status', 'utf8')
  const number = name => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1])
  return { kB: number('VmRSS'), descriptors: readdirSync('/proc/self/fd').length, threads: number('Threads') }
}

/** Runs batches of cycles until there are `most` or the time is over, and compares the process before and after. */
async function flat(what, { most, forS, size, kBEach }, cycle) {
  const end = performance.now() + forS * 1000
  const warmUpEnd = performance.now() + forS * 1000 * WARM_UP_SHARE
  let done = 0
  let from = 0
  let before
  while (done < most && performance.now() < end) {
    await Promise.all(Array.from({ length: size }, (_, i) => cycle(done + i)))
    done += size
    if (before === undefined && (done >= most * WARM_UP_SHARE || performance.now() > warmUpEnd)) {
      before = usage()
      from = done
    }
  }
  const after = usage()
  const measured = done - from
  const grown = after.kB - before.kB
  console.log(
    `${process.env.DAREPLANE_ENGINE}, ${what}: ${done} cycles, the last ${measured} grew by ${grown} kB, ${(grown / measured).toFixed(1)} kB each;`,
    `descriptors ${before.descriptors} to ${after.descriptors}, threads ${before.threads} to ${after.threads}`,
  )
  const limits = [
    [measured >= size, 'too few cycles to tell'],
    [grown < SLACK_KB + measured * kBEach, 'memory grows'],
    [after.descriptors <= before.descriptors, 'descriptors leak'],
    [after.threads <= before.threads, 'threads leak'],
  ]
  for (const [holds, complaint] of limits) {
    if (holds) continue
    console.error(`${what}: ${complaint}`)
    process.exitCode = 1
  }
}

const stream = { type: 'Stress', channelCount: 8, nominalSrate: 500 }
const name = `stress-${process.pid}`
const numbers = new StreamOutlet(new StreamInfo({ ...stream, name: `${name}-numbers` }), { maxBufferedS: 1 })
const markers = new StreamOutlet(
  new StreamInfo({ ...stream, name: `${name}-strings`, nominalSrate: 0, channelFormat: 'string' }),
  { maxBufferedS: 1 },
)
const row = Array.from({ length: 8 }, (_, channel) => `channel ${channel}`)
const sending = setInterval(() => {
  numbers.pushChunk(new Float32Array(8 * 5))
  markers.pushSample(row)
}, 10)

const infos = []
for (const outlet of [numbers, markers]) infos.push(...(await resolveByProp('name', outlet.info.name)))
if (infos.length !== 2) throw new Error(`${infos.length} of 2 streams found`)

/** Open, receive, close; every eighth is closed while it opens. */
async function inletCycle(cycle) {
  const inlet = new StreamInlet(infos[cycle % 2], { queueFrames: 500, recover: false })
  if (cycle % 8 === 7) {
    const opening = inlet.open(10).catch(() => undefined)
    await inlet.close()
    await opening
    return
  }
  await inlet.open(20)
  if ((await inlet.pullSample(10)) === undefined) throw new Error('nothing came')
  await inlet.close()
}

async function watcherCycle(cycle) {
  const watcher = new StreamWatcher({ name: infos[cycle % 2].name, bufferSizeS: 1 })
  await watcher.connectToStream({ timeoutS: 20 })
  for await (const window of watcher.windows()) if (window.frames > 0) break
  await watcher.disconnect()
}

await flat('inlets', { most: cycles, forS: seconds * 0.6, size: BATCH, kBEach: INLET_KB }, inletCycle)
await flat('watchers', { most: cycles / 5, forS: seconds * 0.4, size: WATCHERS, kBEach: WATCHER_KB }, watcherCycle)
clearInterval(sending)
await Promise.all([numbers.close(), markers.close()])
