// Kills the outlet of a StreamWatcher again and again (SIGKILL) and starts it anew after a random downtime, both on the
// builtin engine: every loss is told, every return is recovered within a second of it, with the gap. 20 rounds, or as many as fit.
// Usage: node test/stress/builtin-recovery.stress.js [--seconds N] [--seed N]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { randomOf } from './ring-words.js'

const ROUNDS = 20
/** From the outlet's own "ready" to its first sample on the main thread; p95, as a busy machine has its moments. */
const LIMIT_MS = 1000
const LONGEST_DOWN_MS = 1000

const testFolder = join(import.meta.dirname, '..')
process.chdir(testFolder)
process.env.LSLAPICFG = join(testFolder, 'lsl_api.cfg')
process.env.DAREPLANE_ENGINE = 'builtin'
const { StreamWatcher } = await import('../../dist/index.js')

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } })
const seconds = Number(values.seconds ?? process.env.STRESS_SECONDS ?? 60)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const random = randomOf(seed)
console.log(`seed ${seed}`)

const name = `recovery-${process.pid}`
async function startOutlet() {
  const args = [join(testFolder, 'fixtures', 'outlet.js'), JSON.stringify({ name, sourceId: name })]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(createInterface({ input: child.stdout }), 'line')
  return child
}

let child = await startOutlet()
const watcher = new StreamWatcher({ name })
await watcher.connectToStream({ timeoutS: 20 })
const heard = event =>
  new Promise(resolve => {
    const listener = detail => {
      watcher.off(event, listener)
      resolve(detail)
    }
    watcher.on(event, listener)
  })
const took = []
let wrong = 0
for (const end = performance.now() + seconds * 1000; took.length < ROUNDS && performance.now() < end;) {
  const frames = watcher.stats.frames
  while (watcher.stats.frames < frames + 10) await new Promise(resolve => setTimeout(resolve, 5))
  const lost = heard('lost')
  const recovered = heard('recovered')
  child.kill('SIGKILL')
  await lost
  await new Promise(resolve => setTimeout(resolve, random() * LONGEST_DOWN_MS))
  child = await startOutlet()
  const start = performance.now()
  const { gapS, gapFrames } = await recovered
  took.push(performance.now() - start)
  if (!(gapS > 0 && gapFrames > 0)) wrong++
}
child.kill('SIGKILL')
await watcher.disconnect()
took.sort((a, b) => a - b)
const p95 = took[Math.ceil(took.length * 0.95) - 1]
const [median, slowest] = [took[took.length >> 1], took.at(-1)]
console.log(
  `${took.length} recoveries, ${wrong} without a gap; ${median.toFixed(0)} ms median, ${p95.toFixed(0)} p95, ${slowest.toFixed(0)} max`,
)
process.exit(took.length > 0 && wrong === 0 && p95 < LIMIT_MS ? 0 : 1)
