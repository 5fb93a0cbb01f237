import '../support/loopback.js'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import t from 'tap'
import type { Test } from 'tap'
import { dareplane } from '../support/dareplane.js'
import { freePort } from '../support/free-port.js'
import { listeningServer } from '../support/server/client.js'
import { FakeJob } from '../support/server/fake-job.js'

/** A module with START, and what its handler was called with. */
async function stimulator(t: Test, job: () => unknown = () => 1) {
  const calls: object[] = []
  const { server } = await listeningServer({
    pcommandMap: {
      START: kwargs => {
        calls.push({ ...kwargs })
        return job() as number
      },
    },
  })
  t.teardown(() => server.shutdown())
  return { address: `127.0.0.1:${server.port}`, calls }
}

/** Takes connections and never says a word. */
async function silentModule(t: Test): Promise<string> {
  const server = createServer(socket => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('commands lists what a module can be told, and send tells it', async t => {
  const { address, calls } = await stimulator(t)
  t.match(await dareplane('commands', address), { code: 0, stdout: 'START\n', stderr: '' })
  t.match(await dareplane('send', address, 'START|{"channel": 2, "text": "ü;|"}'), {
    code: 0,
    stdout: /^START sent to n, which answers within \d+\.\d ms\n$/,
    stderr: '',
  })
  t.same(calls, [{ channel: 2, text: 'ü;|' }])
})

t.test('stop ends the jobs of several modules and says how long each took', async t => {
  const jobs = [new FakeJob(), new FakeJob()]
  const modules = await Promise.all(jobs.map(job => stimulator(t, () => job)))
  for (const { address } of modules) await dareplane('send', address, 'START')
  const { code, stdout } = await dareplane('stop', ...modules.map(({ address }) => address))
  t.equal(code, 0)
  for (const { address } of modules)
    t.match(stdout, new RegExp(`^${address} n: stopped in \\d+\\.\\d ms, 1 of 1 jobs ended$`, 'm'))
  t.same(
    jobs.map(({ stops }) => stops),
    [1, 1],
  )
})

t.test('STOP and CLOSE, which every module has, are sent too, and their effect is said', async t => {
  const jobs = [new FakeJob(), new FakeJob()]
  let next = 0
  const { address } = await stimulator(t, () => jobs[next++])
  await dareplane('send', address, 'START')
  const stopped = await dareplane('send', address, 'STOP')
  t.match(stopped, { code: 0, stdout: /n: stopped in \d+\.\d ms, 1 of 1 jobs ended\n$/ })
  await dareplane('send', address, 'START')
  t.match(await dareplane('send', address, 'CLOSE'), { code: 0, stdout: 'n has ended its jobs and closed\n' })
  t.same(
    jobs.map(({ stops }) => stops),
    [1, 1],
  )
  t.match(await dareplane('send', await silentModule(t), 'STOP', '--timeout', '1'), {
    code: 1,
    stdout: /NOT CONFIRMED/,
  })
})

t.test('commands says what a module has said of its commands', async t => {
  const { server } = await listeningServer({ pcommandMap: { START: () => 1 } })
  t.teardown(() => server.shutdown())
  server.pcommandMap.set('SET', () => 1, {
    description: 'what a pulse is like',
    kwargs: {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: value => ({ value }),
        jsonSchema: { input: () => ({ type: 'object', properties: { amplitude: { type: 'number' } } }) },
      },
    },
  })
  const { stdout } = await dareplane('commands', `127.0.0.1:${server.port}`)
  t.equal(stdout, 'START\nSET    what a pulse is like (amplitude)\n')
})

t.test('a STOP that one module does not confirm is a failure, and the others are stopped', async t => {
  const job = new FakeJob()
  const { address } = await stimulator(t, () => job)
  await dareplane('send', address, 'START')
  const nobody = `127.0.0.1:${await freePort()}`
  const mute = await silentModule(t)
  const { code, stdout } = await dareplane('stop', address, nobody, mute, '--timeout', '2')
  t.equal(code, 1)
  t.match(stdout, new RegExp(`^${address} n: stopped in`, 'm'))
  t.match(stdout, new RegExp(`^${nobody}: STOP NOT CONFIRMED, nobody answers on ${nobody} within 2 s`, 'm'))
  t.match(stdout, new RegExp(`^${mute}.*: STOP NOT CONFIRMED`, 'm'))
  t.equal(job.stops, 1)
})

t.test('mistakes are one line that says what to do, and nothing is sent', async t => {
  const { address, calls } = await stimulator(t)
  const nobody = `127.0.0.1:${await freePort()}`
  for (const [args, message] of [
    [
      ['send', address, 'START|{channel: 2}'],
      /arguments must be a JSON object, such as \{"channel": 2\}, got "\{channel: 2\}"/,
    ],
    [['send', address, 'START|[1]'], /arguments must be a JSON object/],
    [['send', address, 'STRT'], /n has no command STRT; did you mean 'START'\?/],
    [['send', address, 'BEGIN'], /n has no command BEGIN; it has START/],
    [['send', address, 'A;B'], /n has no command A;B/],
    [['send', address], /missing required argument 'command'/],
    [['send', 'here', 'START'], /It must be HOST:PORT, or a port of this machine/],
    [['send', nobody, 'START', '--timeout', '0.3'], /nobody answers on .* within 0\.3 s; is the module running\?/],
    [['send', address, 'START', '--timeout', 'x'], /It is not a number/],
    [['commands', '127.0.0.1:99999'], /It must be HOST:PORT/],
    [['commands', nobody, '--timeout', '0.3'], /nobody answers/],
    [['commands'], /missing required argument 'module'/],
    [['stop'], /missing required argument 'module'/],
    [['stop', address, '--now'], /unknown option '--now'/],
  ] as const) {
    const { code, stderr, stdout } = await dareplane(...args)
    t.not(code, 0, args.join(' '))
    t.match(stderr, message)
    t.equal(stderr.trimEnd().split('\n').length, 1, stderr)
    t.equal(stdout, '')
  }
  t.same(calls, [])
})
