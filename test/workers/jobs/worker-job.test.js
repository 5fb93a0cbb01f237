import { once } from 'node:events'
import t from 'tap'
import { LogRecordSocketReceiver } from '../../../src/logging/receiver/log-record-socket-receiver.js'
import { startWorkerJob } from '../../../src/workers/jobs/start-worker-job.js'
import { loggerWithLines } from '../../support/logging/lines.js'

const kinds = new URL('../../fixtures/jobs/job-kinds.job.js', import.meta.url)

function start(manners, options = {}) {
  const log = loggerWithLines()
  return { job: startWorkerJob(kinds, { kwargs: { manners }, logger: log.logger, name: manners, ...options }), log }
}

t.test('a job that is done leaves by itself, its last words in the log', async t => {
  const { job, log } = start('returns')
  t.same(await job.done, { outcome: 'returned' })
  t.equal(job.state, 'returned')
  t.match(log.records[0], { msg: 'up', job: 'returns', manners: 'returns', level: 30 })
  t.same(await job.stop(), { outcome: 'returned' })
})

t.test("a job's own loggers call its thread by the job's name", async t => {
  const receiver = new LogRecordSocketReceiver({ port: 0, logfile: null })
  t.teardown(() => receiver.close())
  const listening = once(receiver, 'listening')
  void receiver.serveUntilStopped()
  await listening
  const record = once(receiver, 'record')
  const job = startWorkerJob(kinds, { kwargs: { manners: 'logs', port: receiver.port }, name: 'filter' })
  t.match(await record, [{ name: 'own', message: 'by itself', threadName: 'filter' }])
  t.same(await job.done, { outcome: 'returned' })
})

t.test('jobs that heed their event leave when it is set', async t => {
  for (const manners of ['waits', 'polls', 'lingers']) {
    const { job, log } = start(manners)
    await log.until('up')
    t.same(await job.stop(), { outcome: 'returned' }, manners)
  }
})

t.test('a job that throws, now, later or by promise, has failed, with its error', async t => {
  t.match(await start('throws').job.done, { outcome: 'failed', error: { message: 'thrown', code: 'ERR_THROWN' } })
  t.match(await start('rejects').job.done, { outcome: 'failed', error: { message: 'rejected' } })
  const { job, log } = start('later')
  t.match(await job.done, { outcome: 'failed', error: { message: 'thrown later' } })
  t.ok(log.records.some(record => record.level === 50 && record.msg === 'job failed'))
})

t.test('a job that leaves by process.exit has failed', async t => {
  t.match(await start('exits').job.done, { outcome: 'failed', error: { code: 'ERR_JOB_FAILED', message: /exit\(3\)/ } })
})

t.test('a job that runs out of its memory has failed, and only it', async t => {
  const { job } = start('hoards', { resourceLimits: { maxOldGenerationSizeMb: 64 } })
  t.match(await job.done, { outcome: 'failed', error: { code: 'ERR_WORKER_OUT_OF_MEMORY' } })
})

t.test('jobs that do not listen are terminated after their limit, all at once, and named in the log', async t => {
  const jobs = ['loops', 'sleeps', 'deaf'].map(manners => start(manners, { stopTimeoutMs: 2000 }))
  await Promise.all(jobs.map(({ log }) => log.until('up')))
  const started = performance.now()
  await Promise.all(jobs.map(({ job }) => job.stop()))
  const ms = performance.now() - started
  // On a busy machine a thread may be taken for stuck, and end a moment later.
  const ends = await Promise.all(jobs.map(({ job }) => job.done))
  t.same(ends, Array(3).fill({ outcome: 'forced' }))
  t.ok(ms < 3 * 2000, `${ms} ms: the limits of three jobs run at the same time`)
  for (const { job, log } of jobs) {
    t.ok(
      log.records.some(record => record.level === 40 && record.job === job.name),
      job.name,
    )
  }
})

t.test('a job stopped before it began does not begin', async t => {
  const { job, log } = start('loops')
  t.same(await job.stop(), { outcome: 'returned' })
  t.notOk(log.lines.includes('up'))
})

t.test('a module without a default function has failed and says which', async t => {
  const { logger } = loggerWithLines()
  t.match(await startWorkerJob(new URL('data:text/javascript,'), { logger }).done, {
    outcome: 'failed',
    error: { message: /no default export/ },
  })
  t.match(await startWorkerJob(new URL('file:///no/such.js'), { logger }).done, { outcome: 'failed' })
})

t.test('impossible options are refused at once', async t => {
  t.throws(() => startWorkerJob('x'), { name: 'TypeError', message: /module/ })
  t.throws(() => startWorkerJob(kinds, { stopTimeoutMs: -1 }), { name: 'RangeError', message: /stopTimeoutMs.*-1/ })
  t.throws(() => startWorkerJob(kinds, { kwargs: { f: () => 0 } }), { message: /could not be cloned/ })
  t.throws(() => startWorkerJob(kinds, { rings: ['x'] }), { message: /^rings\[0\] must be a RingHandle, .* got "x"$/ })
  t.throws(() => startWorkerJob(kinds, { rings: [], isolation: 'process' }), {
    message: "rings must be left out with isolation: 'process'",
  })
})

t.test('what a job posts to its parent harms nobody', async t => {
  t.same(await start('posts').job.done, { outcome: 'returned' })
})

t.test('a job that throws null has failed', async t => {
  t.match(await start('throws null').job.done, { outcome: 'failed', error: { message: 'null' } })
})

t.test('a job that logs without end leaves the loop free, is stopped, and what is missing is counted', async t => {
  const written = new Int32Array(new SharedArrayBuffer(4))
  const { job, log } = start('floods', { kwargs: { manners: 'floods', written } })
  await log.until('line', 1000)
  // More than the memory between the two holds, with nobody to take it.
  const more = Atomics.load(written, 0) + 20_000
  while (Atomics.load(written, 0) < more) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
  // The loop turns, whatever the job writes: each of these is one turn.
  for (let turn = 0; turn < 100; turn++) await new Promise(resolve => setImmediate(resolve))
  t.same(await job.stop(), { outcome: 'returned' })
  const taken = log.records.filter(({ msg }) => msg === 'line').length
  const missing = log.records.reduce((sum, record) => sum + (record.missing ?? 0), 0)
  const last = log.records.find(({ msg }) => msg === 'last words')
  t.ok(missing > 0, `${missing} missing`)
  t.equal(taken + missing, last.i, 'every line is logged or counted')
  t.equal(last.level, 50)
})

t.test('a long record keeps its level and says what was cut', async t => {
  const { job, log } = start('long record')
  await job.done
  t.match(
    log.records.filter(({ level }) => level === 50).map(({ msg }) => msg.slice(-20)),
    [/^x+$/, /characters cut/],
  )
})

t.test('a job may take for ever to stop', async t => {
  for (const stopTimeoutMs of [Infinity, 2 ** 31]) {
    const { job, log } = start('waits', { stopTimeoutMs })
    await log.until('up')
    t.same(await job.stop(), { outcome: 'returned' }, String(stopTimeoutMs))
  }
})
