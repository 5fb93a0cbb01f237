// Outlets, the log server, a module, its clients and its jobs are killed, stopped and started again at random, ten minutes
// long: nothing is lost but what a killed sender had not sent, nothing comes twice, nothing piles up.
// Usage: node build/test/stress/chaos.stress.js [--seconds N] [--seed N]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import '../support/loopback.js'
import { judgeCommands, judgeLog } from './chaos/files.js'
import { ownFigures } from './chaos/own-figures.js'
import { Part } from './chaos/part.js'
import { ChaosStream } from './chaos/stream.js'
import { Sequence } from './chaos/sequence.js'
import { randomOf } from './ring-words.js'

/** Jobs that a STOP could not end within its limits are gone then. */
const GONE_MS = 20_000

const { getLogger, ModuleClient } = await import('../../src/index.js')

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } })
const seconds = Number(values.seconds ?? 600)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const random = randomOf(seed)
const between = (from, to) => from + random() * (to - from)
const oneOf = list => list[Math.floor(random() * list.length)]
console.log(`seed ${seed}, ${seconds} s`)

const folder = mkdtempSync(join(tmpdir(), 'dareplane-chaos-'))
const fileOf = name => join(folder, name)
process.env.DAREPLANE_CRASH_LOG = fileOf('crash.log')
const faults = []
const fault = text => {
  console.log(`FAULT: ${text}`)
  faults.push(text)
}

const ports = { module: 0, log: 0 }
const onMessage = message => message.fault && fault(message.fault)
const logServer = new Part(
  'log server',
  'log-server.process.js',
  () => ({ port: ports.log, logfile: fileOf('chaos.log') }),
  onMessage,
)
ports.log = (await logServer.start()).port
const log = getLogger('main', { port: ports.log })
let lines = 0
const logging = setInterval(() => log.info('number %d', lines++), 20)

const streams = [
  { name: `numbers-${process.pid}`, format: 'double64', rate: 500 },
  { name: `texts-${process.pid}`, format: 'string', rate: 50 },
].map(options => new ChaosStream(options, folder, fault))
for (const stream of streams) await stream.start()

const module = new Part(
  'module',
  'module.process.js',
  life => ({
    life,
    port: ports.module,
    logPort: ports.log,
    streams: streams.map(({ name }) => name),
    countFile: fileOf('counted'),
  }),
  onMessage,
)
ports.module = (await module.start()).port
const clients = ['client-a', 'client-b', 'client-c'].map(
  name =>
    new Part(
      name,
      'client.process.js',
      life => ({
        name,
        life,
        port: ports.module,
        logPort: ports.log,
        readFile: fileOf('read'),
      }),
      onMessage,
    ),
)
for (const client of clients) await client.start()

// The control room: it is called back, starts jobs and stops them.
const calls = new Sequence({ whole: true })
const room = new ModuleClient({ port: ports.module })
room.on('callback', ({ payload }) => {
  const { life, n } = JSON.parse(payload)
  calls.add(life, n)
})
await room.connect({ timeoutS: 30 })

const done = {}
const tell = (what, part) => (done[`${what} ${part}`] = (done[`${what} ${part}`] ?? 0) + 1)

async function killAndStart(part) {
  tell('kill', part.name)
  await part.kill()
  await after(between(0, 1500))
  await part.start()
}
async function stopAndGoOn(part) {
  tell('stop', part.name)
  await part.stopFor(between(50, 4000))
}
async function endAndStart(part) {
  tell('restart', part.name)
  await part.end('SIGTERM')
  await part.start()
}
async function startJobs() {
  for (let i = 0; i < 3; i++) if (room.send(oneOf(['THREAD', 'PROCESS', 'TREE']))) tell('start', 'job')
}
async function signalJob() {
  const pids = await module.ask('pids')
  if (!(pids?.length > 0)) return
  const signal = oneOf(['SIGKILL', 'SIGSTOP', 'SIGTERM'])
  try {
    process.kill(oneOf(pids), signal)
    tell(signal, 'job')
  } catch {
    // It has just ended.
  }
}
async function stopJobs() {
  if (!room.isConnected) return
  tell('STOP', 'jobs')
  const { outcome, jobs, ended } = await room.stop({ timeoutMs: 30_000 })
  if (outcome !== 'reported' || jobs === ended) return
  // A thread that was starting on a busy machine outlasts the limits: it is said to, and gone soon.
  tell('late end', 'jobs')
  for (const end = performance.now() + GONE_MS; (await module.ask('jobs')) > 0; await after(50))
    if (performance.now() > end) return fault(`STOP: ${ended} of ${jobs} jobs ended`)
}

const parts = [logServer, module, ...clients, ...streams.map(({ outlet }) => outlet)]
const under = new Set()
/** Does it when nothing else is done to that part. */
function act(part, action) {
  if (part.isBusy) return
  part.isBusy = true
  const doing = action(part)
    .catch(error => fault(`${action.name} ${part.name}: ${error.stack}`))
    .finally(() => {
      part.isBusy = false
      under.delete(doing)
    })
  under.add(doing)
}
const ACTIONS = [
  () => act(logServer, oneOf([killAndStart, stopAndGoOn, endAndStart])),
  () => act(module, oneOf([killAndStart, stopAndGoOn, endAndStart, startJobs, startJobs, signalJob, stopJobs])),
  () => act(module, oneOf([startJobs, signalJob, stopJobs])),
  () => act(oneOf(clients), oneOf([killAndStart, stopAndGoOn])),
  () => {
    const stream = oneOf(streams)
    act(stream.outlet, oneOf([() => (tell('kill', 'outlet'), stream.killAndStart(between(0, 1500))), stopAndGoOn]))
  },
]

/** Everything is well and no job runs: what this process and the module hold. */
async function calm() {
  await Promise.all(under)
  while (!room.isConnected) await after(20)
  await room.stop({ timeoutMs: 60_000 })
  const jobs = await module.ask('jobs')
  if (jobs > 0) fault(`${jobs} jobs after a STOP`)
  await after(1500)
  const held = { main: ownFigures(), module: await module.ask('figures'), life: module.life }
  console.log(`calm: main ${JSON.stringify(held.main)}, module ${held.life} ${JSON.stringify(held.module)}`)
  return held
}

async function chaos(forMs) {
  const end = performance.now() + forMs
  while (performance.now() < end) {
    oneOf(ACTIONS)()
    await after(between(50, 500))
  }
}

await chaos(Math.min(15, seconds / 4) * 1000)
const first = await calm()
const ends = performance.now() + seconds * 1000
let last = first
// The module's figures are those of one life: of a new one there is nothing to compare with.
let ofModule = first
while (performance.now() < ends) {
  await chaos(Math.min(30_000, ends - performance.now()))
  last = await calm()
  // It has ended by itself, which is told.
  if (last.module === undefined) continue
  if (last.life !== ofModule.life) ofModule = last
  else if (last.module.children > ofModule.module.children) fault('processes are left of jobs')
  for (const [who, before, now] of [
    ['main', first.main, last.main],
    ['module', ofModule.module, last.module],
  ]) {
    for (const what of ['descriptors', 'threads'])
      if (now[what] > before[what] + 3) fault(`${who}: ${before[what]} ${what} became ${now[what]}`)
  }
}

for (const stream of streams) await stream.end()
clearInterval(logging)
await new Promise(resolve => log.flush(resolve))
for (const client of clients) await client.end('SIGKILL')
await after(500)
await room.close()
await module.end('SIGTERM')
await logServer.end('SIGTERM')
for (const { outlet } of streams) await outlet.end('SIGKILL')

for (const { name, seen, figures } of streams) {
  console.log(`samples of ${name}: ${JSON.stringify(figures)}`)
  if (seen.lost + seen.double > 0) fault(`samples of ${name}: ${JSON.stringify(seen.figures)}`)
}
console.log(`callbacks: ${JSON.stringify(calls.figures)}`)
if (calls.lost + calls.double > 0) fault(`callbacks: ${JSON.stringify(calls.figures)}`)
const commands = judgeCommands(fileOf('counted'), fileOf('read'))
console.log(`commands: ${JSON.stringify(commands)}`)
if (commands.double > 0 || commands.lost > 0) fault(`commands: ${JSON.stringify(commands)}`)
const logged = judgeLog(fileOf('chaos.log'), { main: lines })
console.log(`log lines: ${JSON.stringify(logged)}`)
if (logged.lost + logged.double + logged.jobFaults > 0) fault(`log lines: ${JSON.stringify(logged)}`)
console.log(`done: ${JSON.stringify(done)}`)
console.log(`lives: ${parts.map(part => `${part.name} ${part.life + 1}`).join(', ')}`)
console.log(`${faults.length} faults, seed ${seed}`)
if (faults.length === 0) rmSync(folder, { recursive: true })
else console.log(`files in ${folder}`)
process.exit(faults.length === 0 ? 0 : 1)
