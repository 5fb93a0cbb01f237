import t from 'tap'
import { startWorkerJob } from '../../src/workers/jobs/start-worker-job.js'
import { DefaultServer } from '../../src/server/default-server.js'
import { Client, listeningServer } from '../support/server/client.js'
import { platform } from '../../src/system/platform.js'

const untilStopped = new URL('../fixtures/jobs/until-stopped.job.js', import.meta.url)

t.test('a client is greeted, reads the commands, asks UP and closes the server', async t => {
  const { server, listening } = await listeningServer({ pcommandMap: { START: () => 0, 'FIT MODEL': () => undefined } })
  t.equal(server.isListening, true)
  const client = await Client.connect(server.port)
  await client.until(text => text === 'Connected to n\n')
  client.send('GET_PCOMMS;UP;UP;')
  t.equal(await client.until(text => text.endsWith('11')), 'Connected to n\nSTART|FIT MODEL|STOP|CLOSE11')
  client.send('CLOSE;')
  await listening
  await client.closed
  t.equal(server.isListening, false)
  await t.rejects(Client.connect(server.port))
})

t.test('START starts a worker job and STOP stops it at once', async t => {
  const words = new Int32Array(new SharedArrayBuffer(4))
  const { server } = await listeningServer({
    pcommandMap: { START: () => startWorkerJob(untilStopped, { kwargs: { words } }) },
  })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send('START;')
  await Atomics.waitAsync(words, 0, 0).value
  t.equal(server.threads.size, 1)
  const [job] = server.threads.values()
  client.send('STOP;')
  t.same(await job?.done, { outcome: 'returned' })
  await client.up()
  t.equal(server.threads.size, 0)
  t.equal(server.isListening, true)
})

t.test('START;STOP; leaves nothing running', async t => {
  const { server } = await listeningServer({ pcommandMap: { START: () => startWorkerJob(untilStopped) } })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  const jobs: string[] = []
  client.send('START;STOP;DONE;')
  server.pcommandMap.set('DONE', () => {
    jobs.push(...server.threads.keys())
    client.socket.emit('data', 'done')
  })
  await client.until(text => text.endsWith('done'))
  t.same(jobs, [])
})

t.test('a port in use is refused with its own code, naming who has it', async t => {
  const { server } = await listeningServer()
  t.teardown(() => server.shutdown())
  const second = new DefaultServer({ port: server.port })
  const holder = platform() === 'linux' ? `process ${process.pid} (` : 'another process'
  await t.rejects(second.initServer(), { code: 'ERR_PORT_IN_USE', message: `127.0.0.1 is in use by ${holder}` })
  await second.shutdown()
})

t.test('a server that closed over its clients is followed by another on the same port, a hundred times', async t => {
  const first = await listeningServer()
  const { port } = first.server
  await Client.greeted(first.server)
  await first.server.shutdown()
  for (let i = 0; i < 100; i++) {
    const { server } = await listeningServer({ port })
    const client = await Client.greeted(server)
    await client.up()
    await server.shutdown()
  }
  t.pass('a hundred servers')
})

t.test('shutdown is idempotent, also before anything began', async t => {
  const server = new DefaultServer({ port: 0 })
  await Promise.all([server.shutdown(), server.shutdown()])
  await server.startListening().then(
    () => t.fail('must not listen after shutdown'),
    (error: unknown) => t.match(error, { code: 'ERR_CLOSED' }),
  )
})
