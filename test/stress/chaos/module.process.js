// A module: commands that it counts, callbacks, jobs of every kind, two streams that it watches, and lines in the log.
import { openSync, readFileSync, writeSync } from 'node:fs'
import {
  DefaultCallbackServer,
  getLogger,
  startSubprocessJob,
  startWorkerJob,
  StreamWatcher,
} from '../../../src/index.js'
import { ownFigures } from './own-figures.js'
import { Sequence } from './sequence.js'

const { life, port, logPort, streams, countFile } = JSON.parse(process.argv[2])
const log = getLogger(`module-${life}`, { port: logPort })
const quiet = getLogger('module', { port: logPort, level: 'error' })
const file = openSync(countFile, 'a')

const readerJob = new URL('reader.job.js', import.meta.url)
const untilStopped = new URL('../../fixtures/jobs/until-stopped.job.js', import.meta.url)
const server = new DefaultCallbackServer({
  port,
  name: 'chaos',
  logger: quiet,
  callbackSpacingMs: 0,
  maxQueuedCallbacks: 100_000,
  pcommandMap: {
    COUNT: ({ client, n }) => void writeSync(file, `${client} ${n} ${life}\n`),
    THREAD: () => startWorkerJob(readerJob, { rings: [watchers[0].share()], logger: quiet }),
    PROCESS: () => startWorkerJob(untilStopped, { isolation: 'process', logger: quiet }),
    TREE: () => startSubprocessJob('sh', ['-c', 'sleep 1000 & sleep 1000 & wait'], { logger: quiet }),
  },
})
await server.initServer()
void server.startListening()

const sequences = []
const watchers = streams.map(name => new StreamWatcher({ name, engine: 'builtin', bufferSamples: 20_000 }))
async function watch(watcher) {
  try {
    await watcher.connectToStream({ timeoutS: Infinity })
  } catch (error) {
    // It was told to leave.
    if (error.code === 'ERR_CLOSED') return
    throw error
  }
  const seen = new Sequence({ whole: false })
  sequences.push(seen)
  let faults = 0
  for await (const { data, frames, channels, lost } of watcher.windows({ copy: true })) {
    for (let i = 0; i < frames; i++) {
      if (typeof data[0] === 'object') seen.add(Number(data[i][0]), Number(data[i][1]))
      else seen.add(data[channels * i], data[channels * i + 1])
    }
    if (lost + seen.lost + seen.double <= faults) continue
    faults = lost + seen.lost + seen.double
    process.send({ fault: `module's watcher of ${watcher.name}: ${JSON.stringify({ ...seen.figures, lapped: lost })}` })
  }
}
const watching = watchers.map(watch)

let lines = 0
let calls = 0
setInterval(() => log.info('number %d', lines++), 20)
setInterval(() => server.sendCallback('other', 'CALL', { life, n: calls++ }), 50)

const childrenOf = () => readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')
process.on('message', ({ ask }) => {
  if (ask === 'jobs') process.send({ jobs: server.threads.size + server.processes.size })
  // -1: nothing yet, but the outlet is heard.
  if (ask === 'received') process.send({ received: sequences[0]?.next.get(0) ?? (sequences[0]?.heard === 0 ? -1 : 0) })
  if (ask === 'pids') process.send({ pids: [...server.processes.values()].map(job => job.pid) })
  if (ask === 'figures') process.send({ figures: { ...ownFigures(), children: childrenOf().length } })
})
const leave = async () => {
  await server.shutdown()
  await Promise.all(watchers.map(watcher => watcher.disconnect()))
  await Promise.all(watching)
  process.exit()
}
process.once('SIGTERM', () => void leave())
process.once('disconnect', () => process.exit())
process.send({ port: server.port })
