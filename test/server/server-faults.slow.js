// The short form of test/stress/server.stress.js, and the faults of jobs, with real threads and processes.
import t from 'tap'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { DefaultServer } from '../../src/server/default-server.js'
import { isGroupAlive } from '../../src/workers/jobs/tree/group-signals.js'
import { processList } from '../../src/workers/jobs/tree/process-list.js'
import { startSubprocessJob } from '../../src/workers/jobs/subprocess-job.js'
import { startWorkerJob } from '../../src/workers/jobs/start-worker-job.js'
import { connects, drips, flood, garbage, idle, killedClients, resets } from '../stress/server-scenarios.js'
import { cycles } from '../stress/server-cycles.js'
import { client, startProgram } from '../stress/server-process.js'
import { loggerWithLines } from '../support/logging/lines.js'
import { childEnvironment } from '../support/child.js'
import { fixture } from '../support/project.js'
import { inTime } from '../support/in-time.js'
import { platform } from '../../src/system/platform.js'

const posix = { skip: platform() === 'windows' && 'needs POSIX signals' }
const kinds = new URL('../fixtures/jobs/job-kinds.job.js', import.meta.url)

const scenarios = {
  'clients that come and go leave no descriptor behind': () => connects(300),
  'clients that say nothing cost nothing': () => idle({ clients: 8, seconds: 1 }),
  'clients that reset in mid-command harm nothing': () => resets(50),
  'a client killed in mid-command has commanded nothing': () => killedClients(2),
  'STOP is heard among 64 dripping clients, and the next client is refused': () => drips({ clients: 64, probes: 50 }),
  'UP is answered while eight clients flood, and no command is lost': () =>
    flood({ clients: 8, each: 3000, probes: 50 }),
  'garbage leaves the server answering': () => garbage({ packets: 500, seed: Date.now() % 2 ** 31 }),
  'worker jobs started and stopped over and over leave nothing behind': () =>
    cycles({ command: 'WORKER', jobs: 4, count: 12, seconds: 6, promisedMs: 4 * 20 }),
}
for (const [title, scenario] of Object.entries(scenarios)) {
  t.test(title, async t => t.pass(JSON.stringify(await scenario())))
}

t.test('process jobs started and stopped over and over leave nothing behind', posix, async t =>
  t.pass(JSON.stringify(await cycles({ command: 'SLEEP', jobs: 4, count: 12, seconds: 6, promisedMs: 2000 }))),
)

async function serverWith(pcommandMap) {
  const log = loggerWithLines()
  const server = new DefaultServer({ port: 0, logger: log.logger, pcommandMap: pcommandMap(log.logger) })
  await server.initServer()
  void server.startListening()
  return { server, log, socket: await client(server.port) }
}

/** How many jobs there are when the command behind STOP is run. */
function stopped(server, socket) {
  return new Promise(resolve => {
    server.pcommandMap.set('COUNT', () => resolve(server.threads.size + server.processes.size))
    socket.write('STOP;COUNT;')
  })
}

t.test('1.7, 16. STOP ends deaf, looping and sleeping threads together, and says who was forced', async t => {
  const { server, log, socket } = await serverWith(logger => ({
    START: kwargs => startWorkerJob(kinds, { kwargs, logger, name: kwargs.manners, stopTimeoutMs: 300 }),
  }))
  for (const manners of ['loops', 'sleeps', 'deaf', 'waits']) socket.write(`START|{"manners":"${manners}"};`)
  await log.until('up', 4)
  const jobs = [...server.threads.values()]
  await stopped(server, socket)
  // On a busy machine a thread takes longer to die than STOP waits for it.
  await Promise.all(jobs.map(job => job.done))
  const record = log.records.find(({ msg }) => msg.startsWith('jobs stopped'))
  t.same(record.forced.sort(), ['deaf', 'loops', 'sleeps'])
  inTime(t, 'three limits of 300 ms', record.ms, 1000)
  await server.shutdown()
})

t.test('1.7, 17. a process that has already left is no problem for STOP', posix, async t => {
  const { server, log, socket } = await serverWith(logger => ({
    START: () => startSubprocessJob('true', [], { logger }),
    SLEEP: () => startSubprocessJob('sleep', ['1000'], { logger }),
  }))
  socket.write('START;START;')
  await log.until('job ended', 2)
  t.equal(server.processes.size, 0)
  socket.write('SLEEP;START;')
  t.equal(await stopped(server, socket), 0)
  await server.shutdown()
})

t.test('1.7, 18. when our process is killed, none of its jobs survives a second', posix, async t => {
  for (const signal of ['SIGKILL', 'SIGTERM']) {
    const parent = fork(fixture('jobs/parent.process.js'), { env: childEnvironment() })
    const pids = []
    while (pids.length < 7) {
      const [{ pid }] = await once(parent, 'message')
      pids.push(pid)
    }
    const died = once(parent, 'exit')
    parent.kill(signal)
    await died
    const started = performance.now()
    while (pids.some(isAlive) && performance.now() - started < 20_000)
      await new Promise(resolve => setTimeout(resolve, 10))
    t.same(pids.filter(isAlive), [], `${signal}: no survivor`)
    inTime(t, signal, performance.now() - started, 1000)
  }
})

t.test('1.7, 18. a guard that cannot start is tried again, and then guards what runs already', posix, async t => {
  const parent = fork(fixture('jobs/late-guard.process.js'), { env: childEnvironment() })
  const pids = []
  while (pids.length < 2) {
    const [{ pid }] = await once(parent, 'message')
    pids.push(pid)
  }
  const died = once(parent, 'exit')
  parent.kill('SIGKILL')
  await died
  const started = performance.now()
  while (pids.some(isAlive) && performance.now() - started < 20_000)
    await new Promise(resolve => setTimeout(resolve, 10))
  t.same(pids.filter(isAlive), [], 'no survivor')
})

t.test('1.7, 21. a Ctrl-C ends a server that handles no signal, whoever is connected, and its jobs', posix, async t => {
  const server = await startProgram('server/server.process.js')
  const socket = await client(server.port)
  socket.write('SLEEP;WORKER;')
  while ((await server.ask('running')) < 2);
  const { pids } = await server.ask('stats')
  const exited = once(server.child, 'exit')
  const started = performance.now()
  server.child.kill('SIGINT')
  t.same(await exited, [null, 'SIGINT'])
  while (pids.some(isAlive) && performance.now() - started < 20_000)
    await new Promise(resolve => setTimeout(resolve, 10))
  t.same(pids.filter(isAlive), [])
  inTime(t, 'gone', performance.now() - started, 1000)
})

t.test('1.7, 30. a process that ends without closing its server says nothing and leaves nothing', posix, async t => {
  const url = name => JSON.stringify(new URL(`../../src/${name}.js`, import.meta.url).href)
  const code = `
    const { DefaultServer } = await import(${url('server/default-server')})
    const { startSubprocessJob } = await import(${url('workers/jobs/subprocess-job')})
    const { startWorkerJob } = await import(${url('workers/jobs/start-worker-job')})
    const server = new DefaultServer({ port: 0 })
    await server.initServer()
    void server.startListening()
    startWorkerJob(new URL(${JSON.stringify(kinds.href)}), { kwargs: { manners: 'waits' } })
    startSubprocessJob('sh', ['-c', 'echo $$; sleep 1000'], {
      onLine: pid => { console.log(pid); setTimeout(() => process.exit(0), 50) },
    })`
  const { logger, records } = loggerWithLines()
  const job = startSubprocessJob(process.execPath, ['--input-type=module', '-e', code], { logger })
  t.same(await job.done, { outcome: 'returned' })
  const said = records.filter(record => record.job === job.name && record.pid === job.pid).map(({ msg }) => msg)
  t.equal(said.length, 1, said.join(' '))
  const started = performance.now()
  while (isAlive(Number(said[0])) && performance.now() - started < 20_000)
    await new Promise(resolve => setTimeout(resolve, 10))
  t.notOk(isAlive(Number(said[0])))
})

t.test('1.7, 24. importing the library opens nothing and starts nothing', async t => {
  const code = `
    await import(${JSON.stringify(new URL('../../src/server/default-server.js', import.meta.url).href)})
    await import(${JSON.stringify(new URL('../../src/workers/jobs/isolated-job.js', import.meta.url).href)})
    console.log(JSON.stringify(process.getActiveResourcesInfo().filter(name => /TCP|Process|Message|Worker/.test(name))))`
  const { logger, lines } = loggerWithLines()
  const job = startSubprocessJob(process.execPath, ['--input-type=module', '-e', code], { logger })
  t.same(await job.done, { outcome: 'returned' })
  t.equal(lines[0], '[]')
})

// A zombie is dead: only its parent, which may be a slow init process, has not been told yet.
function isAlive(pid) {
  return isGroupAlive(pid) || processList().some(entry => entry.pid === pid && !entry.zombie)
}
