// Writer and readers on real threads over tiny rings, at full speed. Every word is a hash of its frame and channel, every
// window that validation lets through is verified word by word. Usage: node build/test/stress/ring.stress.js [--seconds N] [--seed N]
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import { counterModulus } from '../../src/ring/ring-layout.js'
import { RingReader } from '../../src/ring/ring-reader.js'
import { RingWriter } from '../../src/ring/ring-writer.js'
import { randomOf } from './ring-words.js'

const READERS = 2
/** At least so many of a hundred windows must have been overtaken, or the run has proved nothing. */
const LAPPED_PERCENT = 1

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } })
const seconds = Number(values.seconds ?? process.env.STRESS_SECONDS ?? 60)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const random = randomOf(seed)
const pick = list => list[Math.floor(random() * list.length)]
const upTo = most => 1 + Math.floor(random() * most)

/** A geometry small enough to be lapped all the time, every other one without slack, starting just below one of the wraps. */
function specOf(format, round) {
  const frames = upTo(12)
  const maxChunk = upTo(frames)
  const holdFrames = (round % 2) * Math.floor(random() * 40)
  const lap = counterModulus(frames + maxChunk + holdFrames)
  const firstIndex = Math.max(0, pick([0, 2 ** 31, 2 ** 32, lap, 3 * lap]) - Math.floor(random() * 3000))
  const spec = { frames, maxChunk, holdFrames, firstIndex, channels: upTo(4), format }
  return format === 'string' ? { ...spec, maxStringBytes: 24, stringCapacity: 24 * (4 + upTo(60)) } : spec
}

/** Runs one ring for `forS` seconds: the sums of what its readers counted. */
async function run(spec, forS, validated) {
  const handle = allocateRing(spec)
  const job = role => ({ role, handle, spec, forS, validated, seed: Math.floor(random() * 2 ** 31) })
  const workers = ['writer', ...Array(READERS).fill('reader')].map(
    role => new Worker(new URL('./ring.worker.js', import.meta.url), { workerData: job(role) }),
  )
  const results = await Promise.all(
    workers.map(
      worker =>
        new Promise((resolve, reject) => {
          worker.once('message', resolve).once('error', reject)
          worker.once('exit', () => reject(new Error('a worker ended without a result')))
        }),
    ),
  )
  const sums = {}
  for (const result of results) for (const [key, n] of Object.entries(result)) sums[key] = (sums[key] ?? 0) + n
  return sums
}

/** A frame there, a frame back, both sides asleep in between: a wake-up that is lost shows as a wait to the time limit. */
async function pingPong(forS) {
  const LIMIT_MS = 60_000
  const ENOUGH = 100
  const spec = { frames: 1, channels: 1, format: 'int8' }
  const [questions, answers] = [allocateRing(spec), allocateRing(spec)]
  const worker = new Worker(new URL('./ring.worker.js', import.meta.url), {
    workerData: { role: 'echo', handle: questions, answers, spec, seed: 0 },
  })
  const writer = new RingWriter(questions)
  const reader = RingReader.attach(answers)
  const end = performance.now() + forS * 1000
  let lostWakeUps = 0
  while ((performance.now() < end || writer.written < ENOUGH) && lostWakeUps === 0) {
    const asked = performance.now()
    writer.publish(1)
    await reader.waitAsync(LIMIT_MS)
    if (performance.now() - asked >= LIMIT_MS) lostWakeUps++
    reader.takeNew()
  }
  const ok = lostWakeUps === 0
  console.log(JSON.stringify({ phase: 'wake-ups', ok, rounds: writer.written, lostWakeUps }))
  if (!ok) process.exitCode = 1
  writer.close()
  await new Promise(resolve => worker.once('exit', resolve))
}

const COUNTS = ['written', 'windows', 'accepted', 'rejected', 'lapped', 'lost', 'bad', 'miscounted']

/** So many windows were accepted, however busy the machine is: of none nothing is known. */
const ENOUGH_WINDOWS = 1000

/** Rings of a second or two, one after the other, until the time is up and there are enough, or `isDone`; the sums of all. */
async function rings(formats, forS, validated, isDone) {
  const total = Object.fromEntries(COUNTS.map(key => [key, 0]))
  const rounds = Math.max(1, Math.round(forS / 2))
  const isEnough = () => !validated || total.accepted >= ENOUGH_WINDOWS
  for (let round = 0; (round < rounds || !isEnough()) && !isDone(total); round++) {
    const spec = specOf(formats[round % formats.length], round)
    const sums = await run(spec, forS / rounds, validated)
    for (const key of COUNTS) total[key] += sums[key]
    if (validated && sums.bad + sums.miscounted > 0) console.error('damage with', JSON.stringify(spec))
  }
  return total
}

function report(phase, ok, total) {
  const overtaken = Math.round((10_000 * (total.rejected + total.lapped)) / total.windows) / 100
  console.log(JSON.stringify({ phase, ok: ok(total, overtaken), lappedPercent: overtaken, ...total }))
  if (!ok(total, overtaken)) process.exitCode = 1
}

const isClean = (total, overtaken) =>
  total.bad === 0 && total.miscounted === 0 && total.accepted > 0 && overtaken >= LAPPED_PERCENT
const isDamaged = total => total.bad > 0

const NUMERIC = ['int32', 'double64', 'int16', 'float32', 'int64', 'int8']
console.log(JSON.stringify({ seconds, seed }))
await pingPong(0.1 * seconds)
report('numbers', isClean, await rings(NUMERIC, 0.5 * seconds, true, () => false))
report('strings', isClean, await rings(['string'], 0.4 * seconds, true, () => false))
// The negative controls: the same without validation must fail, or the harness is blind. They stop once they have.
report('numbers without validation', isDamaged, await rings(['int32', 'double64'], 20, false, isDamaged))
report('strings without validation', isDamaged, await rings(['string'], 20, false, isDamaged))
