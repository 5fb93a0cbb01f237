// Times our stop: reads lines `threads N` or `trees N`, answers milliseconds; `threads bare N` times as many raw workers.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import { pino } from 'pino'
import { startSubprocessJob, startWorkerJob } from '../../dist/index.js'

const logger = pino({ level: 'silent' })
const waiting = new URL('../../test/fixtures/jobs/until-stopped.job.js', import.meta.url)
const TREE = ['-c', 'sleep 1000 & echo up; sleep 1000']

async function threads(count) {
  const words = new Int32Array(new SharedArrayBuffer(4))
  const jobs = Array.from({ length: count }, () => startWorkerJob(waiting, { kwargs: { words }, logger }))
  while (Atomics.load(words, 0) < count) await new Promise(resolve => setTimeout(resolve, 5))
  return jobs
}

async function trees(count) {
  const starts = Array.from({ length: count }, () => {
    let job
    const up = new Promise(resolve => (job = startSubprocessJob('sh', TREE, { logger, onLine: resolve })))
    return up.then(() => job)
  })
  return Promise.all(starts)
}

/** All at once, as the server does it. */
async function stopMs(jobs) {
  const started = performance.now()
  await Promise.all(jobs.map(job => job.stop()))
  return performance.now() - started
}

const WAITING = 'const w = require("worker_threads"); w.parentPort.postMessage(1); Atomics.wait(w.workerData, 0, 0)'

async function bareThreads(count) {
  const words = new Int32Array(new SharedArrayBuffer(4))
  const workers = Array.from({ length: count }, () => new Worker(WAITING, { eval: true, workerData: words }))
  await Promise.all(workers.map(worker => once(worker, 'message')))
  await new Promise(resolve => setTimeout(resolve, 20))
  const exited = workers.map(worker => once(worker, 'exit'))
  const started = performance.now()
  Atomics.store(words, 0, 1)
  Atomics.notify(words, 0)
  await Promise.all(exited)
  return performance.now() - started
}

async function bareTrees(count) {
  const options = { detached: true, stdio: ['ignore', 'pipe', 'ignore'] }
  const children = Array.from({ length: count }, () => spawn('sh', TREE, options))
  await Promise.all(children.map(child => once(child.stdout, 'data')))
  const exited = children.map(child => once(child, 'exit'))
  const started = performance.now()
  for (const child of children) process.kill(-child.pid, 'SIGTERM')
  await Promise.all(exited)
  return performance.now() - started
}

process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const [kind, what, bareCount] = line.split(' ')
  const [ours, bare] = kind === 'threads' ? [threads, bareThreads] : [trees, bareTrees]
  const ms = what === 'bare' ? await bare(Number(bareCount)) : await stopMs(await ours(Number(what)))
  process.stdout.write(`${ms}\n`)
}
