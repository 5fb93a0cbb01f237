import t from 'tap'
import { startSubprocessJob } from '../../dist/workers/subprocess-job.js'
import { startProcessJob } from '../../dist/workers/process-job.js'
import { isGroupAlive } from '../../dist/workers/process-group.js'
import { loggerWithLines } from './lines.js'
import { inTime } from '../support/in-time.js'

const posix = { skip: process.platform === 'win32' && 'needs POSIX signals' }
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

t.test(
  'a grandchild in a session of its own is reported and ended',
  { skip: process.platform !== 'linux' },
  async t => {
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
  },
)

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
    const job = startProcessJob(new URL('../fixtures/job-kinds.job.js', import.meta.url), {
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
  const module = new URL('../fixtures/job-kinds.job.js', import.meta.url)
  const job = startProcessJob(module, { kwargs: { manners: 'crashes' }, logger })
  t.match(await job.done, { outcome: 'failed', error: { code: 'ERR_JOB_FAILED', message: /SIGSEGV/ } })
  t.same(
    records.filter(({ msg }) => msg === 'record').map(({ i }) => i),
    Array.from({ length: 100 }, (_, i) => i + 1),
  )
  t.match(records.at(-1), { msg: 'job failed', job: 'job-kinds.job.js', level: 50 })
})

t.test('a job in a process that never listens is killed after its limit', posix, async t => {
  const { logger, until } = loggerWithLines()
  const module = new URL('../fixtures/job-kinds.job.js', import.meta.url)
  const job = startProcessJob(module, { kwargs: { manners: 'loops' }, logger, stopTimeoutMs: 200 })
  await until('up')
  const started = performance.now()
  const { outcome } = await job.stop()
  inTime(t, 'killed', performance.now() - started, 1000)
  t.not(outcome, 'stuck')
  t.throws(() => startProcessJob('x'), { name: 'TypeError', message: /module/ })
})
