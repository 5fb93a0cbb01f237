import t from 'tap'
import { SubprocessJob, startSubprocessJob } from '../../../src/workers/jobs/subprocess-job.js'
import { startWorkerJob } from '../../../src/workers/jobs/start-worker-job.js'
import { isGroupAlive } from '../../../src/workers/jobs/tree/group-signals.js'
import { loggerWithLines } from '../../support/logging/lines.js'
import { inTime } from '../../support/in-time.js'
import { platform } from '../../../src/system/platform.js'

const posix = { skip: platform() === 'windows' && 'needs POSIX signals' }
const node = process.execPath

t.test('what a program writes is logged line by line, with its job', async t => {
  const { logger, records } = loggerWithLines()
  const job = startSubprocessJob(node, ['-e', 'process.stdout.write("a\\nb\\r\\nc"); console.error("oops")'], {
    logger,
    name: 'x',
  })
  t.same(await job.done, { outcome: 'returned' })
  const lines = records.filter(record => record.job === 'x').map(record => `${record.level} ${record.msg}`)
  for (const line of ['30 a', '30 b', '30 c', '40 oops']) t.ok(lines.includes(line), line)
  t.equal(job.state, 'returned')
})

t.test('a program that is not there, or leaves with a code, is a job that failed', async t => {
  const { logger, records } = loggerWithLines()
  t.match(await startSubprocessJob('/no/such/program', [], { logger }).done, { outcome: 'failed', error: /ENOENT/ })
  const job = startSubprocessJob(node, ['-e', 'process.exit(3)'], { logger })
  t.match(await job.done, { outcome: 'failed', error: { code: 'ERR_JOB_FAILED', message: /exit code 3/ } })
  t.same(await job.stop(), await job.done)
  t.equal(records.filter(record => record.msg === 'job failed').length, 2)
})

t.test('arguments reach the program as they are, input as its standard input', async t => {
  const { logger, lines } = loggerWithLines()
  const hostile = ['; touch /tmp/x', '$(id)', 'a\nb', '--option', '`id`', '"', "'"]
  const code =
    'process.stdin.resume(); let s=""; process.stdin.on("data", d => s += d).on("end", () => console.log(JSON.stringify([process.argv.slice(1), s])))'
  const job = startSubprocessJob(node, ['-e', code, '--', ...hostile], { logger, input: 'hello' })
  await job.done
  t.same(JSON.parse(lines[0] ?? ''), [hostile, 'hello'])
  t.throws(() => startSubprocessJob(node, ['a\0b']), { name: 'TypeError', message: /NUL/ })
  t.throws(() => startSubprocessJob('', []), { name: 'TypeError', message: /file/ })
})

t.test('a program that heeds the first signal is gone at once', posix, async t => {
  const { logger, until } = loggerWithLines()
  const job = startSubprocessJob(node, ['-e', 'setInterval(() => {}, 1e9); console.log("up")'], { logger })
  await until('up')
  t.same(await job.stop(), { outcome: 'returned' })
  t.notOk(isGroupAlive(job.pid))
})

t.test('setting the event stops the program', posix, async t => {
  const { logger, until } = loggerWithLines()
  const job = startSubprocessJob(node, ['-e', 'setInterval(() => {}, 1e9); console.log("up")'], { logger })
  await until('up')
  job.stopEvent.set()
  t.same(await job.done, { outcome: 'returned' })
})

const deaf = 'for (const s of ["SIGINT","SIGTERM","SIGHUP"]) process.on(s, () => {}); setInterval(() => {}, 1e9);'

t.test('a tree of 3 x 3 that ignores every signal but SIGKILL is gone within 2 s', posix, async t => {
  const { logger, records, until } = loggerWithLines()
  const grandchild = JSON.stringify(`${deaf} console.log("up " + process.pid)`)
  const child = JSON.stringify(
    `${deaf} for (let i = 0; i < 3; i++) require("child_process").spawn(process.execPath, ["-e", ${grandchild}], { stdio: "inherit" })`,
  )
  const root = `${deaf} for (let i = 0; i < 3; i++) require("child_process").spawn(process.execPath, ["-e", ${child}], { stdio: "inherit" })`
  const job = startSubprocessJob(node, ['-e', root], { logger, name: 'tree' })
  await until('up', 9)
  const started = performance.now()
  t.same(await job.stop(), { outcome: 'forced' })
  inTime(t, 'gone', performance.now() - started, 2000)
  t.notOk(isGroupAlive(job.pid))
  t.ok(
    records.some(record => record.level === 40 && record.job === 'tree'),
    'the log says who was forced',
  )
})

t.test('what a program leaves behind belongs to the job', posix, async t => {
  const { logger, until } = loggerWithLines()
  const left = JSON.stringify('setInterval(() => {}, 1e9); console.log("up")')
  const root = `require("child_process").spawn(process.execPath, ["-e", ${left}], { stdio: "inherit" }).unref(); process.exit(0)`
  const job = startSubprocessJob(node, ['-e', root], { logger })
  await until('up')
  t.equal(job.state, 'running')
  t.same(await job.stop(), { outcome: 'returned' })
  t.notOk(isGroupAlive(job.pid))
})

t.test('a grandchild in a session of its own is reported and ended', { skip: platform() !== 'linux' }, async t => {
  const { logger, records, until, lines } = loggerWithLines()
  const escaped = JSON.stringify('setInterval(() => {}, 1e9); console.log("up " + process.pid)')
  const root = `require("child_process").spawn(process.execPath, ["-e", ${escaped}], { stdio: "inherit", detached: true }); setInterval(() => {}, 1e9)`
  const job = startSubprocessJob(node, ['-e', root], { logger })
  await until('up')
  const pid = Number(lines.find(line => line.startsWith('up'))?.slice(3))
  await job.stop()
  t.ok(
    records.some(record => record.pids?.includes(pid)),
    'reported',
  )
  t.notOk(isGroupAlive(pid))
})

t.test('an already dead program is no problem', async t => {
  const { logger } = loggerWithLines()
  const job = startSubprocessJob(node, ['-e', ''], { logger })
  await job.done
  await Promise.all([job.stop(), job.stop(), job[Symbol.asyncDispose]()])
  t.equal(job.state, 'returned')
})

t.test('stop while the program is still starting', posix, async t => {
  const { logger } = loggerWithLines()
  const job = startSubprocessJob(node, ['-e', 'setInterval(() => {}, 1e9)'], { logger })
  t.same(await job.stop(), { outcome: 'returned' })
})

t.test('the same job module runs in a process, with kwargs, log and event', posix, async t => {
  for (const [manners, end] of [
    ['returns', { outcome: 'returned' }],
    ['waits', { outcome: 'returned' }],
    ['polls', { outcome: 'returned' }],
    ['exits', { outcome: 'failed' }],
  ]) {
    const { logger, until, records } = loggerWithLines()
    const job = startWorkerJob(new URL('../../fixtures/jobs/job-kinds.job.js', import.meta.url), {
      isolation: 'process',
      kwargs: { manners },
      logger,
    })
    await until('up')
    t.match(records[0], { msg: 'up', manners, job: 'job-kinds.job.js' })
    t.match(manners === 'exits' ? await job.done : await job.stop(), end, manners)
  }
})

t.test('a job that crashes in its process fails alone, and its last hundred records are in the log', posix, async t => {
  const { logger, records } = loggerWithLines()
  const module = new URL('../../fixtures/jobs/job-kinds.job.js', import.meta.url)
  const job = startWorkerJob(module, { isolation: 'process', kwargs: { manners: 'crashes' }, logger })
  t.match(await job.done, { outcome: 'failed', error: { code: 'ERR_JOB_FAILED', message: /SIGSEGV/ } })
  t.same(
    records.filter(({ msg }) => msg === 'record').map(({ i }) => i),
    Array.from({ length: 100 }, (_, i) => i + 1),
  )
  t.match(records.at(-1), { msg: 'job failed', job: 'job-kinds.job.js', level: 50 })
})

t.test('a job in a process that never listens is killed after its limit', posix, async t => {
  const { logger, until } = loggerWithLines()
  const module = new URL('../../fixtures/jobs/job-kinds.job.js', import.meta.url)
  const job = startWorkerJob(module, { isolation: 'process', kwargs: { manners: 'loops' }, logger, stopTimeoutMs: 200 })
  await until('up')
  const started = performance.now()
  const { outcome } = await job.stop()
  inTime(t, 'killed', performance.now() - started, 1000)
  t.not(outcome, 'stuck')
  t.throws(() => startWorkerJob('x', { isolation: 'process' }), { name: 'TypeError', message: /module/ })
})

t.test(
  'a program that becomes a daemon is still the job, and is stopped',
  { skip: platform() !== 'linux' },
  async t => {
    const { logger, until, lines, records } = loggerWithLines()
    const daemon = JSON.stringify('setInterval(() => {}, 1e9); console.log("up " + process.pid)')
    // The first process leaves, and the second is in a session of its own: neither the group nor a parent leads to it.
    const root = `require("child_process").spawn(process.execPath, ["-e", ${daemon}], { stdio: "inherit", detached: true }).unref(); process.exit(0)`
    const job = startSubprocessJob(node, ['-e', root], { logger })
    await until('up')
    await until('processes of a job have left its group')
    t.equal(job.state, 'running')
    const pid = Number(lines.find(line => line.startsWith('up'))?.slice(3))
    t.same(await job.stop(), { outcome: 'returned' })
    t.notOk(isGroupAlive(pid))
    t.ok(records.some(record => record.pids?.includes(pid)))
  },
)

t.test('a program whose start throws is a job that failed', async t => {
  const { logger } = loggerWithLines()
  const job = startSubprocessJob(node, ['x'.repeat(3_000_000)], { logger })
  t.match(await job.done, { outcome: 'failed', error: { code: 'ERR_JOB_FAILED', message: /could not be started/ } })
  t.same(await job.stop(), await job.done)
})

t.test('a program that writes without end leaves the loop free, and is stopped', posix, async t => {
  const { logger, until } = loggerWithLines()
  const job = startSubprocessJob('yes', [''], { logger })
  await until('', 1000)
  for (let turn = 0; turn < 100; turn++) await new Promise(resolve => setImmediate(resolve))
  t.same(await job.stop(), { outcome: 'returned' })
})

t.test(
  'a job in a process has the limits that a thread has: for ever is for ever, a long record is one record',
  posix,
  async t => {
    const module = new URL('../../fixtures/jobs/job-kinds.job.js', import.meta.url)
    const first = loggerWithLines()
    const waiting = startWorkerJob(module, {
      isolation: 'process',
      kwargs: { manners: 'waits' },
      logger: first.logger,
      stopTimeoutMs: Infinity,
    })
    await first.until('up')
    t.same(await waiting.stop(), { outcome: 'returned' })
    const second = loggerWithLines()
    await startWorkerJob(module, { isolation: 'process', kwargs: { manners: 'long record' }, logger: second.logger })
      .done
    const errors = second.records.filter(({ level }) => level === 50)
    t.equal(errors.length, 2)
    t.equal(errors[0].msg.length, 100_000)
    t.match(errors[1].msg, /characters cut/)
  },
)

t.test('a program is asked by its standard input before it is signalled', posix, async t => {
  const { logger, until, lines } = loggerWithLines()
  const code = `${deaf} process.stdin.on("data", d => { console.log("told " + d); process.exit(0) }); console.log("up")`
  const job = startSubprocessJob(node, ['-e', code], {
    logger,
    stopInput: 'quit\n',
    termAfterMs: 60_000,
    stopTimeoutMs: 60_000,
  })
  await until('up')
  t.same(await job.stop(), { outcome: 'returned' })
  t.ok(lines.includes('told quit'))
})

/** A platform without signals, as Windows: SIGKILL ends the first process, and what else there is, is told by \`members\`. */
function fakeTree(pid, members) {
  const signals = []
  const isAlive = () => members.count > 0
  const signal = name => {
    signals.push(name)
    if (name !== 'SIGKILL') return false
    members.count = 0
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has left by itself.
    }
    return true
  }
  return { signals, killLimitMs: 5000, signal, exists: isAlive, isAlive, strays: () => [], signalStrays: () => [] }
}

t.test('without signals, a job in a process is stopped by the end of its channel', async t => {
  const { logger, until } = loggerWithLines()
  t.intercept(process, 'platform', { value: 'win32' })
  const module = new URL('../../fixtures/jobs/job-kinds.job.js', import.meta.url)
  const job = startWorkerJob(module, {
    isolation: 'process',
    kwargs: { manners: 'waits' },
    logger,
    stopTimeoutMs: 60_000,
  })
  await until('up')
  t.same(await job.stop(), { outcome: 'returned' })
})

t.test('without signals, a program that cannot be asked is killed at once', async t => {
  const { logger, until } = loggerWithLines()
  let tree
  const open = pid => (tree = fakeTree(pid, { count: 1 }))
  const code = 'console.log("up"); setInterval(() => {}, 1e9)'
  const job = new SubprocessJob(node, ['-e', code], { logger, stopTimeoutMs: 60_000, termAfterMs: 60_000 }, { open })
  await until('up')
  t.same(await job.stop(), { outcome: 'forced' })
  t.same(tree.signals, ['SIGTERM', 'SIGTERM', 'SIGKILL'])
})

t.test('a job is not over while a member of its tree lives', async t => {
  const { logger } = loggerWithLines()
  const members = { count: 2 }
  const left = startSubprocessJob(node, ['-e', ''], { logger })
  const job = new SubprocessJob(node, ['-e', ''], { logger }, { open: pid => fakeTree(pid, members) })
  await left.done
  t.equal(job.state, 'running')
  t.same(await job.stop(), { outcome: 'forced' })
  t.equal(members.count, 0)
})
