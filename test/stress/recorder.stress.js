// Records two large loads, kills a recorder at random points, fills and freezes its disk. What a load misses has to be told; with
// --load nothing may be missing. After a kill the file opens, every sample in it is the one that was sent, in order and without a
// gap, all that the recorder had said to be on the disk is there, and a repaired file is whole. How many seconds before the kill
// are missing is printed: flushS, and what a busy machine adds. Usage:
// node test/stress/recorder.stress.js [--seconds N] [--seed N] [--kills N] [--load SECONDS]
import { execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { loopbackFolder } from '../support/project.js'
import { randomOf } from './ring-words.js'

process.env.LSLAPICFG = join(loopbackFolder, 'lsl_api.cfg')
const { StreamInfo, StreamOutlet, localClock } = await import('../../src/index.js')
const { XdfRecorder, openXdf, readXdf } = await import('../../src/xdf.js')
const { faultsOf } = await import('../../src/xdf/check-xdf.js')
const { describeXdf } = await import('../../src/xdf/describe-xdf.js')
const { repairXdf } = await import('../../src/xdf/repair-xdf.js')

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    seed: { type: 'string' },
    kills: { type: 'string' },
    load: { type: 'string' },
  },
})
const seconds = Number(values.seconds ?? process.env.STRESS_SECONDS ?? 60)
const kills = Number(values.kills ?? 200)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const random = randomOf(seed)
console.log(`seed ${seed}`)

/** Of each load; what is left of the time is for the kills. */
const loadSeconds = Number(values.load ?? seconds / 8)
/** Numbers that recorder-sender.js sends. */
const SENT_NUMBERS = 2 ** 15
const FLUSH_S = 0.2
/** Recorders that run and are killed side by side. */
const AT_ONCE = 4
const type = `recorded-${process.pid}`
const folder = mkdtempSync(join(tmpdir(), 'recorder-stress-'))
const RAW = { synchronizeClocks: false, dejitter: false }

/** Sample n of each stream is n, and its stamp the time it was sent at. */
class Senders {
  #outlets = [
    this.#outlet('fast', { channelCount: 32, nominalSrate: 1000, channelFormat: 'float32' }),
    this.#outlet('ints', { channelCount: 2, nominalSrate: 100, channelFormat: 'int16' }),
    this.#outlet('texts', { channelCount: 1, nominalSrate: 0, channelFormat: 'string' }),
  ]
  #sent = [0, 0, 0]
  #timer = setInterval(() => this.#send(), 5)
  #startS = localClock()

  #outlet(name, fields) {
    return new StreamOutlet(new StreamInfo({ name, type, sourceId: name, ...fields }), { engine: 'builtin' })
  }

  #send() {
    const now = localClock()
    for (const [k, outlet] of this.#outlets.entries()) {
      const { nominalSrate, channelCount, channelFormat } = outlet.info
      const due = Math.floor((now - this.#startS) * (nominalSrate || 20))
      for (let n = this.#sent[k]; n < due; n++) {
        const value = channelFormat === 'string' ? `text ${n}` : n % 30_000
        outlet.pushSample(new Array(channelCount).fill(value), now)
      }
      this.#sent[k] = due
    }
  }

  async close() {
    clearInterval(this.#timer)
    await Promise.all(this.#outlets.map(outlet => outlet.close()))
  }
}

function checkSamples({ name, samples, times, channelCount, channelFormat }, where) {
  let expected
  for (let i = 0; i < times.length; i++) {
    const value = channelFormat === 'string' ? Number(samples[i][0].slice(5)) : samples[i * channelCount]
    if (expected !== undefined && value !== expected)
      throw new Error(`${where}: ${name} has ${value} after ${expected - 1}`)
    expected = channelFormat === 'string' ? value + 1 : (value + 1) % 30_000
  }
}

async function killOnce(turn) {
  const file = join(folder, `kill-${turn}.xdf`)
  const victim = spawn(
    process.execPath,
    [join(import.meta.dirname, 'recorder-victim.js'), file, type, String(FLUSH_S)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let said = {}
  const lines = createInterface(victim.stdout).on('line', line => (said = JSON.parse(line)))
  await once(lines, 'line')
  await sleep(random() * 3 * FLUSH_S * 1000)
  const killedS = localClock()
  victim.kill('SIGKILL')
  await once(victim, 'exit')
  const where = `kill ${turn}`
  const streams = await readXdf(file, RAW)
  if (streams.length !== 3) throw new Error(`${where}: ${streams.length} streams`)
  let missingS = 0
  for (const stream of streams) {
    checkSamples(stream, where)
    if (stream.times.length < said[stream.name])
      throw new Error(
        `${where}: ${stream.name} has ${stream.times.length} samples, and ${said[stream.name]} were said to be on the disk`,
      )
    missingS = Math.max(missingS, killedS - stream.times.at(-1))
  }
  const repaired = join(folder, `kill-${turn}-repaired.xdf`)
  await repairXdf(file, repaired)
  const faults = faultsOf(await describeXdf(repaired)).filter(fault => !/gaps|no clock offsets/.test(fault))
  if (faults.length > 0) throw new Error(`${where}: ${faults.join('; ')}`)
  rmSync(file)
  rmSync(repaired)
  return missingS
}

async function kill() {
  const endMs = performance.now() + seconds * 250
  let most = 0
  let turn = 0
  for (; turn < kills && performance.now() < endMs; turn += AT_ONCE) {
    for (const missingS of await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => killOnce(turn + i)))) {
      most = Math.max(most, missingS)
    }
  }
  console.log(
    `${turn} kills: every file opened; all that was said to be on the disk is there; at most ${most.toFixed(2)} s before the kill are missing`,
  )
}

const LOADS = [
  { count: 32, channels: 32, rate: 1000, format: 'float32' },
  { count: 2, channels: 384, rate: 30_000, format: 'int16' },
]

/**
 * What is missing in the file has to be told. With --load nothing may be missing at all: a busy machine has no time for 46 MB/s.
 */
async function load(load) {
  const { count, channels, rate, format } = load
  const name = `${count} x ${channels} x ${rate} Hz ${format}`
  const loadType = `${type}-${rate}`
  const sender = fork(join(import.meta.dirname, 'recorder-sender.js'), [JSON.stringify({ type: loadType, ...load })])
  await once(sender, 'message')
  const recorder = new XdfRecorder({ file: join(folder, `load-${rate}.xdf`), streams: `type='${loadType}'`, engine: 'builtin' }) // prettier-ignore
  recorder.on('trouble', ({ reason }) => console.log(`${name}: ${reason}`))
  await recorder.start()
  while (recorder.stats.streams.filter(({ samples }) => samples > 0).length < count) await sleep(20)
  const [startS, cpu] = [localClock(), process.cpuUsage()]
  await sleep(loadSeconds * 1000)
  const { user, system } = process.cpuUsage(cpu)
  const tookS = localClock() - startS
  const { file, bytes, streams, isComplete } = await recorder.stop()
  sender.disconnect()
  await once(sender, 'exit')
  if (streams.length !== count) throw new Error(`${name}: ${streams.length} streams`)
  const lost = await lostIn(file)
  const told = streams.reduce((sum, { missing }) => sum + missing.inGaps + missing.overwritten, 0)
  if (lost > told) throw new Error(`${name}: ${lost} samples are missing, and ${told} are told`)
  if (values.load !== undefined && !isComplete)
    throw new Error(`${name}: ${JSON.stringify(streams.map(({ missing }) => missing))}`)
  const frames = streams.reduce((sum, { samples }) => sum + samples, 0)
  const figures = [
    `${frames} samples in ${tookS.toFixed(0)} s`,
    `${lost} lost`,
    `${(bytes / tookS / 1e6).toFixed(1)} MB/s`,
  ]
  console.log(`${name}: ${figures.join(', ')}, ${(((user + system) / tookS) * 1e-4).toFixed(0)} % of a core`)
  rmSync(file)
}

/** Samples that are left out between two of a stream, by their stamps. Those that are there must have the number of their stamp. */
async function lostIn(file) {
  const last = new Map()
  let lost = 0
  for await (const chunk of openXdf(file, RAW)) {
    if (chunk.kind !== 'samples') continue
    const { samples, times, stream } = chunk
    for (let i = 0; i < times.length; i++) {
      const number = samples[i * stream.channelCount]
      const before = last.get(stream.id)
      const step = before === undefined ? 1 : Math.round((times[i] - before.time) * stream.nominalSrate)
      if (before !== undefined && number !== (before.number + step) % SENT_NUMBERS)
        throw new Error(`${stream.name}: ${number} stands ${step} samples after ${before.number}`)
      lost += step - 1
      last.set(stream.id, { number, time: times[i] })
    }
  }
  return lost
}

function mounted(command, ...args) {
  try {
    execFileSync(command, args, { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

/** What goes wrong with the disk in the middle of a recording; nothing may be missing when it is well again in time. */
async function trouble(name, disk, make, { fails, heals }) {
  if (!make()) {
    console.log(`${name}: skipped, it cannot be made here`)
    return
  }
  try {
    const recorder = new XdfRecorder({ file: join(disk, 'run.xdf'), streams: `type='${type}'`, engine: 'builtin', flushS: FLUSH_S, holdS: 20 }) // prettier-ignore
    const told = []
    recorder.on('trouble', ({ reason }) => told.push(reason)).on('well', () => told.push('well'))
    await recorder.start()
    while (recorder.stats.streams.length < 3 || recorder.stats.streams.some(({ samples }) => samples === 0))
      await sleep(20)
    fails()
    while (told.length === 0) await sleep(20)
    await sleep(3000)
    heals()
    while (told.at(-1) !== 'well') await sleep(20)
    await sleep(1000)
    const summary = await recorder.stop()
    if (summary.notEnded !== undefined) throw new Error(`${name}: ${summary.notEnded}`)
    const overwritten = summary.streams.reduce((sum, { missing }) => sum + missing.overwritten, 0)
    if (overwritten > 0) throw new Error(`${name}: ${overwritten} samples were overwritten`)
    for (const stream of await readXdf(summary.file, RAW)) checkSamples(stream, name)
    console.log(`${name}: told '${told.join("', '")}', nothing is missing`)
  } finally {
    heals()
    mounted('umount', disk)
  }
}

async function fullDisk() {
  const disk = mkdtempSync(join(tmpdir(), 'recorder-full-'))
  const filler = join(disk, 'filler')
  await trouble('full disk', disk, () => mounted('mount', '-t', 'tmpfs', '-o', 'size=64m', 'none', disk), {
    fails: () => mounted('dd', 'if=/dev/zero', `of=${filler}`, 'bs=1M'),
    heals: () => rmSync(filler, { force: true }),
  })
  rmSync(disk, { recursive: true, force: true })
}

async function frozenDisk() {
  const disk = mkdtempSync(join(tmpdir(), 'recorder-frozen-'))
  const image = `${disk}.img`
  const make = () =>
    mounted('truncate', '-s', '128M', image) &&
    mounted('mkfs.ext4', '-q', image) &&
    mounted('mount', '-o', 'loop', image, disk)
  await trouble('frozen disk', disk, make, {
    fails: () => mounted('fsfreeze', '-f', disk),
    heals: () => mounted('fsfreeze', '-u', disk),
  })
  rmSync(disk, { recursive: true, force: true })
  rmSync(image, { force: true })
}

/** A stop while the disk hangs for good still ends, and says so. */
async function stopOnFrozenDisk() {
  const disk = mkdtempSync(join(tmpdir(), 'recorder-stop-'))
  if (!mounted('mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', disk))
    return console.log('stop on a full disk: skipped')
  try {
    const recorder = new XdfRecorder({ file: join(disk, 'run.xdf'), streams: `type='${type}'`, engine: 'builtin', flushS: FLUSH_S, stopWithinS: 1 }) // prettier-ignore
    await recorder.start()
    await new Promise(resolve => recorder.on('trouble', resolve))
    const startS = localClock()
    const { notEnded, streams, file } = await recorder.stop()
    const tookS = localClock() - startS
    if (notEnded !== 'the disk is full') throw new Error(`stop on a full disk says ${notEnded}`)
    if (!streams.some(({ missing }) => missing.unsaved > 0))
      throw new Error('stop on a full disk counts nothing as unsaved')
    for (const stream of await readXdf(file, RAW)) checkSamples(stream, 'stop on a full disk')
    console.log(`stop on a full disk: ${tookS.toFixed(1)} s, and it says what is missing`)
  } finally {
    mounted('umount', disk)
    rmSync(disk, { recursive: true, force: true })
  }
}

for (const each of LOADS) await load(each)
const senders = new Senders()
try {
  await kill()
  await fullDisk()
  await frozenDisk()
  await stopOnFrozenDisk()
} finally {
  await senders.close()
  rmSync(folder, { recursive: true, force: true })
}
