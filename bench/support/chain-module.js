// A module of the closed loop, in a process of its own: chain-module.js pass|threshold IN OUT RATE main|worker
import './loopback.js'
import { pino } from 'pino'
import { startWorkerJob, StreamWatcher } from '../../dist/index.js'
import { chainStep } from './chain-step.js'

const [kind, source, target, rate, where] = process.argv.slice(2)
const kwargs = { kind, target, rate: Number(rate) }
process.stdin.resume().on('end', () => process.exit())
if (where === 'worker') {
  const watcher = await new StreamWatcher({ name: source }).connectToStream({ timeoutS: 15 })
  const logger = pino({ level: 'warn' }, process.stderr)
  startWorkerJob(new URL('./chain.job.js', import.meta.url), { kwargs, rings: [watcher.share()], logger })
  console.log('"ready"')
} else {
  const step = chainStep(kwargs)
  const watcher = await new StreamWatcher({ name: source }).connectToStream({ timeoutS: 15 })
  console.log('"ready"')
  for await (const window of watcher.windows()) step(window)
}
