import { uniqueName } from '../../support/loopback.js'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import t, { type Test } from 'tap'
import { kill, lineOf, startFixture } from '../../support/child.js'
import { needsLiblsl } from '../../support/lsl/libraries.js'
import { event, events, firstFrames } from '../../support/watcher-events.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../../src/lsl/stream-outlet.js'
import { RingReader } from '../../../src/ring/ring-reader.js'
import { StreamWatcher } from '../../../src/stream-watcher.js'
import { THREAD_VARIABLE } from '../../../src/workers/watcher/choose-thread.js'
import { PullLoop } from '../../../src/workers/watcher/pull-loop.js'
import type { PullThread } from '../../../src/workers/watcher/pull-thread.js'
import type { EventMessage } from '../../../src/workers/watcher/watcher-api.js'
import { WatcherLink } from '../../../src/workers/watcher/watcher-link.js'
import { WatcherService } from '../../../src/workers/watcher/watcher-service.js'

/** What says nothing of its thread gets what the rule says, however these tests are run. */
process.env[THREAD_VARIABLE] = ''

/** The threads that this process starts until the test ends. */
function threadsOf(t: Test): Worker[] {
  const threads: Worker[] = []
  const started = (thread: Worker): void => void threads.push(thread)
  process.on('worker', started)
  t.teardown(() => process.off('worker', started))
  return threads
}

function outletOn(t: Test, name: string): StreamOutlet {
  const outlet = new StreamOutlet(new StreamInfo({ name, channelCount: 1, nominalSrate: 100, sourceId: name }), {
    engine: 'builtin',
  })
  t.teardown(() => outlet.close())
  return outlet
}

/** Connected watchers of a new stream each, and the outlets; all are closed when the test ends. */
async function watchers(t: Test, count: number, options: object): Promise<[StreamWatcher, StreamOutlet][]> {
  const all = Array.from({ length: count }, (_, index): [StreamWatcher, StreamOutlet] => {
    const name = uniqueName(`shared-${index}`)
    return [new StreamWatcher({ name, engine: 'builtin', ...options }), outletOn(t, name)]
  })
  t.teardown(() => Promise.all(all.map(([watcher]) => watcher.disconnect())))
  await Promise.all(all.map(([watcher]) => watcher.connectToStream({ timeoutS: 30 })))
  for (const [, outlet] of all) await outlet.waitForConsumers(30)
  return all
}

async function receives(t: Test, watcher: StreamWatcher, outlet: StreamOutlet, value: number): Promise<void> {
  await outlet.waitForConsumers(30)
  outlet.pushSample([value])
  for await (const { data } of watcher.windows()) {
    t.equal(data.at(-1), value)
    break
  }
  watcher.takeNew()
}

t.test('watchers that share a thread start one, and it ends with the last of them', async t => {
  const threads = threadsOf(t)
  const [[a, toA], [b, toB]] = (await watchers(t, 2, { thread: 'shared' })) as [
    [StreamWatcher, StreamOutlet],
    [StreamWatcher, StreamOutlet],
  ]
  t.equal(threads.length, 1)
  await receives(t, a, toA, 1)
  await receives(t, b, toB, 2)
  const ended = once(threads[0]!, 'exit')
  await a.disconnect()
  t.equal(a.state, 'disconnected')
  t.equal(b.state, 'connected')
  await receives(t, b, toB, 3)
  await a.connectToStream({ timeoutS: 30 })
  t.equal(threads.length, 1, 'who comes back finds the thread')
  await receives(t, a, toA, 4)
  await Promise.all([a.disconnect(), b.disconnect()])
  t.same(await ended, [0])
  await Promise.all([a.disconnect(), b.disconnect()])
  await a.connectToStream({ timeoutS: 30 })
  t.equal(threads.length, 2, 'a thread that has ended is not used again')
  await receives(t, a, toA, 5)
})

t.test('an outlet that is killed is lost to its watcher only, and found again', async t => {
  const stream = { name: uniqueName('killed'), sourceId: uniqueName('device') }
  const start = async () => {
    const child = startFixture('lsl/outlet.js', JSON.stringify(stream))
    t.teardown(() => kill(child))
    await lineOf(child, 'ready')
    return child
  }
  const child = await start()
  const [[other, toOther]] = (await watchers(t, 1, { thread: 'shared' })) as [[StreamWatcher, StreamOutlet]]
  await using watcher = new StreamWatcher({ name: stream.name, engine: 'builtin', thread: 'shared' })
  await watcher.connectToStream({ timeoutS: 30 })
  await firstFrames(watcher, 20)
  const told = (['lost', 'refused', 'failed', 'recovered'] as const).map(name => events(other, name))
  const lost = event(watcher, 'lost')
  await kill(child)
  await lost
  await receives(t, other, toOther, 1)
  const recovered = event(watcher, 'recovered')
  await start()
  t.match(await recovered, { after: 'lost', reconnections: 1 })
  await receives(t, other, toOther, 2)
  t.equal(other.state, 'connected')
  t.same(told, [[], [], [], []])
})

t.test('a search that ends without a stream, or is given up, leaves the others of its thread alone', async t => {
  const threads = threadsOf(t)
  const [[other, toOther]] = (await watchers(t, 1, { thread: 'shared' })) as [[StreamWatcher, StreamOutlet]]
  const absent = new StreamWatcher({ name: uniqueName('absent'), engine: 'builtin', thread: 'shared' })
  await t.rejects(absent.connectToStream({ timeoutS: 0.1 }), { code: 'ERR_STREAM_NOT_FOUND' })
  const connecting = absent.connectToStream({ timeoutS: 600 })
  const ended = t.rejects(connecting, { code: 'ERR_CLOSED' })
  await absent.disconnect()
  await ended
  await receives(t, other, toOther, 1)
  t.equal(threads.length, 1)
})

/**
 * A shared thread that is this one, and links of watchers to it. A real thread that is killed while a datagram reaches it takes the process
 * with it (a fault of node), so its death is played: `die` is what its end resolves.
 */
function playedThread() {
  let watchers = 0
  let die: (reason: string) => void = () => undefined
  const thread: Pick<PullThread, 'use' | 'exited' | 'enter' | 'leave' | 'shut'> = {
    use: 'shared',
    exited: new Promise(resolve => (die = resolve)),
    enter: (setup, port) => {
      watchers++
      void new WatcherService(setup, port).serve()
    },
    // Another one is always left.
    leave: () => --watchers < 0,
    shut: () => undefined,
  }
  const told: string[] = []
  const linkTo = async (name: string) => {
    const link = new WatcherLink(
      thread as PullThread,
      { engine: 'builtin', processing: {}, bufferSizeS: 1 },
      {
        event: ({ event }: EventMessage) => void told.push(`${name} ${event}`),
        failed: reason => void told.push(`${name} failed: ${reason}`),
        forced: () => void told.push(`${name} forced`),
      },
    )
    const { ring } = await link.connect({ name }, 30)
    return { link, reader: RingReader.attach(ring) }
  }
  return { die: (reason: string) => die(reason), told, linkTo }
}

t.test('a mistake of ours in the loop of one watcher fails that one, and not its thread', async t => {
  const { told, linkTo } = playedThread()
  const names = [uniqueName('good'), uniqueName('bad')] as const
  for (const name of names) outletOn(t, name)
  const good = await linkTo(names[0])
  t.intercept(PullLoop.prototype, 'run', { value: () => Promise.reject(new TypeError('no such thing')) })
  const bad = await linkTo(names[1])
  await bad.link.stop()
  t.same(told, [`${names[1]} failed: no such thing`])
  t.equal(bad.link.board.state, 'failed')
  t.equal(bad.reader.closed, true)
  t.equal(good.link.board.state, 'connected')
  t.equal(good.reader.closed, false)
  await good.link.stop()
  t.equal(good.link.board.state, 'disconnected')
})

t.test('when a shared thread dies each of its watchers fails alone, and connects again', async t => {
  const { die, told, linkTo } = playedThread()
  const names = [uniqueName('one'), uniqueName('two')]
  for (const name of names) outletOn(t, name)
  const links = await Promise.all(names.map(linkTo))
  const woken = links.map(({ reader }) => reader.waitAsync())
  die('exit code 1')
  t.same(await Promise.all(woken), [false, false], 'readers wake, and find the ring closed')
  await Promise.all(links.map(({ link }) => link.stop()))
  t.same(
    told.sort(),
    names.map(name => `${name} failed: exit code 1`),
  )
  for (const { link, reader } of links) {
    t.equal(link.board.state, 'failed')
    t.equal(reader.closed, true)
  }
  const next = playedThread()
  for (const name of names) await (await next.linkTo(name)).link.stop()
  t.same(next.told, [])
})

t.test('without a word watchers have their own threads while there are cores, then share one', async t => {
  const threads = threadsOf(t)
  const cores = Math.max(1, availableParallelism() - 1)
  await watchers(t, cores + 3, {})
  t.equal(threads.length, cores + 1)
  await watchers(t, 1, { thread: 'own' })
  t.equal(threads.length, cores + 2)
})

t.test('the environment says it for those whose options do not', async t => {
  t.teardown(() => (process.env[THREAD_VARIABLE] = ''))
  const threads = threadsOf(t)
  process.env[THREAD_VARIABLE] = 'shared'
  await watchers(t, 2, {})
  t.equal(threads.length, 1)
  process.env[THREAD_VARIABLE] = 'own'
  await watchers(t, 2, {})
  t.equal(threads.length, 3)
  process.env[THREAD_VARIABLE] = 'mine'
  await t.rejects(new StreamWatcher({ name: 'x' }).connectToStream(), {
    name: 'RangeError',
    message: `DAREPLANE_THREAD must be one of 'own', 'shared', got "mine"`,
  })
})

t.test('what cannot share a thread says so', async t => {
  const refused = (options: object, message: RegExp): void =>
    void t.throws(() => new StreamWatcher({ name: 'x', ...options }), { name: 'RangeError', message })
  refused({ thread: 'mine' }, /^thread must be one of 'own', 'shared', got "mine"$/)
  refused({ thread: 'shared', engine: 'liblsl' }, /^thread must be 'own' or left out with engine "liblsl"/)
  refused({ thread: 'shared', isolation: 'process' }, /^thread must be 'own' or left out with isolation "process"/)
  refused({ thread: 'shared', library: '/lib/liblsl.so' }, /^thread must be 'own' or left out with library "\/lib/)
  t.doesNotThrow(() => new StreamWatcher({ name: 'x', thread: 'own', engine: 'liblsl', isolation: 'process' }))
})

t.test(
  'where the engine turns out to be liblsl, a shared thread is refused, and the default is its own',
  needsLiblsl(),
  async t => {
    const threads = threadsOf(t)
    const name = uniqueName('liblsl')
    outletOn(t, name)
    const asked = new StreamWatcher({ name, thread: 'shared' })
    await t.rejects(asked.connectToStream(), {
      code: 'ERR_THREAD_NOT_SHARED',
      message: /^thread: 'shared' needs the builtin engine, and this is liblsl: .*engine: 'builtin', or thread: 'own'$/,
    })
    t.equal(asked.state, 'idle')
    process.env[THREAD_VARIABLE] = 'shared'
    t.teardown(() => (process.env[THREAD_VARIABLE] = ''))
    const both = [new StreamWatcher({ name }), new StreamWatcher({ name })]
    t.teardown(() => Promise.all(both.map(watcher => watcher.disconnect())))
    await Promise.all(both.map(watcher => watcher.connectToStream({ timeoutS: 30 })))
    t.equal(threads.length, 2)
  },
)
