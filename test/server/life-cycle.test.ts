import t from 'tap'
import fc from 'fast-check'
import { Client, listeningServer } from '../support/server/client.js'
import { FakeJob, fakeJob } from '../support/server/fake-job.js'

const operations = fc.array(
  fc.record({
    client: fc.nat(1),
    command: fc.constantFrom('START', 'START', 'QUICK', 'FAIL', 'STOP', 'STOP;START', 'START;STOP;START'),
    turns: fc.nat(3),
  }),
  { minLength: 1, maxLength: 10 },
)

t.test(
  'however starts, ends and stops interleave: what began before a STOP is stopped, what waited is dropped, what came after runs',
  async t => {
    const seen = { jobs: 0, stopped: 0, running: 0, dropped: 0 }
    let droppedInAll = 0
    await fc.assert(
      fc.asyncProperty(operations, fc.scheduler(), async (ops, scheduler) => {
        // On a busy machine a handler waits longer for its turn here than it may after a STOP: then the next would begin beside it.
        const { server, records } = await listeningServer({ handlerTimeoutMs: Infinity })
        let fault: Error | undefined
        const clients = [await Client.greeted(server), await Client.greeted(server)]
        /** When START number i arrived, and when the last STOP did, in commands sent. */
        const arrived: number[][] = [[], []]
        let sent = 0
        let lastStop = -1
        let wanted = 0
        let over = 0
        const running = [0, 0]
        const jobs: { job: FakeJob; at: number }[] = []

        const begin = (client: number): number => {
          const at = arrived[client]?.shift()
          if (running[client] !== 0) fault = new Error('two handlers of one client at once')
          else if (at === undefined) fault = new Error('a command out of nowhere')
          if (fault !== undefined || at === undefined) throw fault ?? new Error('no command')
          running[client] = 1
          return at
        }
        const end = (client: number): void => {
          running[client] = 0
          over++
        }
        const start = (at: number): ReturnType<typeof fakeJob> => {
          const job = fakeJob(String(at))
          jobs.push({ job, at })
          return job
        }
        for (const client of [0, 1]) {
          server.pcommandMap.set(`START${client}`, async () => {
            const at = begin(client)
            await scheduler.schedule(Promise.resolve(), `handler ${at}`)
            end(client)
            return start(at)
          })
          server.pcommandMap.set(`QUICK${client}`, () => {
            const job = start(begin(client))
            end(client)
            return job
          })
          server.pcommandMap.set(`FAIL${client}`, async () => {
            begin(client)
            await scheduler.schedule(Promise.resolve(), 'fails')
            end(client)
            throw new Error('fails')
          })
        }

        for (const { client, command, turns } of ops) {
          for (const word of command.split(';')) {
            if (word === 'STOP') lastStop = sent++
            else {
              arrived[client]?.push(sent++)
              wanted++
            }
          }
          clients[client]?.send(command.replace(/START|QUICK|FAIL/g, word => `${word}${client}`) + ';')
          // The answer tells that the command has arrived: STOP is heard when it does, not when its turn comes.
          await clients[client]?.up()
          // What came before the STOP and has not begun by now never will: who begins next came after it.
          for (const waiting of arrived) {
            while ((waiting[0] ?? Infinity) < lastStop) {
              waiting.shift()
              wanted--
              seen.dropped++
            }
          }
          for (let i = 0; i < turns && scheduler.count() > 0; i++) await scheduler.waitNext(1)
        }
        while (over < wanted || scheduler.count() > 0) {
          // The server has only logged it.
          if (fault !== undefined) throw fault
          if (scheduler.count() > 0) await scheduler.waitNext(1)
          else await new Promise(setImmediate)
        }
        await Promise.all(clients.map(client => client.up()))

        for (const { job, at } of jobs) {
          const isStopped = job.stops > 0
          seen.jobs++
          seen[isStopped ? 'stopped' : 'running']++
          if (isStopped !== at < lastStop) throw new Error(`job ${at}, last STOP ${lastStop}, stopped ${isStopped}`)
        }
        const told = records.reduce((sum, { msg, dropped }) => (/STOP came/.test(msg) ? sum + Number(dropped) : sum), 0)
        droppedInAll += told
        if (droppedInAll !== seen.dropped) throw new Error(`${seen.dropped} were dropped, ${droppedInAll} were told`)
        const alive = jobs.filter(({ job }) => job.state === 'running').length
        if (server.threads.size !== alive) throw new Error(`${server.threads.size} in the books, ${alive} alive`)
        await server.shutdown()
        if (jobs.some(({ job }) => job.state === 'running')) throw new Error('a job outlives the server')
      }),
      { numRuns: 200 },
    )
    t.ok(seen.stopped > 50 && seen.running > 50 && seen.dropped > 10, JSON.stringify(seen))
  },
)

t.test('a handler that never returns holds up its client only until STOP and its limit', async t => {
  const { server, records } = await listeningServer({
    handlerTimeoutMs: 20,
    pcommandMap: { HANG: () => new Promise(() => undefined), START: () => fakeJob() },
  })
  const client = await Client.greeted(server)
  client.send('HANG;START;')
  await client.up()
  t.equal(server.threads.size, 0)
  client.send('STOP;START;')
  while (server.threads.size === 0) await client.up()
  t.ok(records.some(record => record.level === 50 && /did not return after STOP/.test(record.msg)))
  await server.shutdown()
  t.equal(server.threads.size, 0)
})
