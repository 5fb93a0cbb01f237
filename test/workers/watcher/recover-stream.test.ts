import t from 'tap'
import { DareplaneError } from '../../../src/errors.js'
import type { Engine, EngineInlet } from '../../../src/lsl/engine.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { StreamRecovery } from '../../../src/workers/watcher/recover-stream.js'
import type { RecoverOptions } from '../../../src/workers/watcher/recover-stream.js'
import { WatcherBoard } from '../../../src/workers/watcher/watcher-board.js'

const stream = (uid: string, options: object = {}): StreamInfo =>
  new StreamInfo({ name: 'EEG', type: 'EEG', channelCount: 8, nominalSrate: 100, sourceId: 'amp', uid, ...options })

const recoverStream = (options: RecoverOptions): Promise<EngineInlet | undefined> =>
  new StreamRecovery(options).recover()

/** A network that shows one list of streams after the other, the last for ever; `open` decides how an inlet opens. */
function network(looks: readonly StreamInfo[][], open: (uid: string) => Promise<void> = async () => undefined) {
  const predicates: string[] = []
  const closed: string[] = []
  const told: [string, object][] = []
  const controller = new AbortController()
  const inletOn = (info: StreamInfo): EngineInlet =>
    ({
      open: () => open(info.uid),
      close: async () => void closed.push(info.uid),
      uid: info.uid,
    }) as unknown as EngineInlet
  const engine = {
    resolve: async (predicate: string) => {
      predicates.push(predicate)
      return looks[Math.min(predicates.length, looks.length) - 1] ?? []
    },
    createInlet: async (info: StreamInfo) => inletOn(info),
  } as unknown as Engine
  const board = new WatcherBoard()
  board.state = 'lost'
  const options = (info: StreamInfo): RecoverOptions => ({
    engine,
    info,
    inlet: { queueFrames: 10, recover: false, processing: {} },
    board,
    tell: (event, detail) => void told.push([event, detail]),
    signal: controller.signal,
  })
  return { options, predicates, closed, told, board, controller }
}

const uidOf = (inlet: EngineInlet | undefined): unknown => (inlet as { uid?: unknown } | undefined)?.uid

t.test('a device is recognised by its source id, or by name, type and host where it has none', async t => {
  const one = network([[stream('2')]])
  t.equal(uidOf(await recoverStream(one.options(stream('1')))), '2')
  t.same(new Set(one.predicates), new Set(["name='EEG' and type='EEG' and source_id='amp'"]))
  const bare = { sourceId: '', hostname: 'lab' }
  const other = network([[stream('2', bare)]])
  await recoverStream(other.options(stream('1', bare)))
  t.same(new Set(other.predicates), new Set(["name='EEG' and type='EEG' and hostname='lab' and source_id=''"]))
})

t.test('of several that serve none is taken, which is told once, until one is left', async t => {
  const a = stream('a', { createdAt: 1, hostname: 'lab-a' })
  const b = stream('b', { createdAt: 2, hostname: 'lab-b' })
  const both = [a, b]
  const net = network([both, both, both, both, both, both, [a]])
  t.equal(uidOf(await recoverStream(net.options(stream('1')))), 'a')
  t.match(net.told, [['ambiguous', { candidates: [/lab-b/, /lab-a/] }]])
  t.equal(net.told.length, 1)
  t.same(net.closed.sort(), ['a', 'b'], 'what was opened to see whether it serves is closed')
})

t.test('of several the newest is taken where that is asked for, and the same outlet always', async t => {
  const streams = [stream('old', { createdAt: 1 }), stream('new', { createdAt: 3 }), stream('mid', { createdAt: 2 })]
  t.equal(uidOf(await recoverStream({ ...network([streams]).options(stream('1')), ambiguous: 'newest' })), 'new')
  const connected = stream('old')
  t.equal(uidOf(await recoverStream(network([streams]).options(connected))), 'old')
})

t.test('of several the one that serves is taken, and what does not is told', async t => {
  const net = network([[stream('web', { createdAt: 9 }), stream('amp')]], async uid => {
    if (uid === 'web') throw new DareplaneError('ERR_PROTOCOL_UNSUPPORTED', 'it answers HTTP/1.1')
  })
  t.equal(uidOf(await recoverStream(net.options(stream('1')))), 'amp')
  t.match(net.told, [['refused', { reason: /does not serve: it answers HTTP/ }]])
})

t.test('another shape is told once and not opened, and the right one is still waited for', async t => {
  const wrong = stream('wrong', { channelCount: 4 })
  const net = network([[wrong], [wrong], [stream('right')]])
  t.equal(uidOf(await recoverStream(net.options(stream('1')))), 'right')
  t.same(net.told, [['incompatible', { expected: '8 x float32 at 100 Hz', found: '4 x float32 at 100 Hz' }]])
  t.equal(net.board.state, 'incompatible')
})

t.test('a stream that is gone again while it is opened is looked for further, and its inlet released', async t => {
  let opens = 0
  const net = network([[stream('2')]], async () => {
    if (opens++ === 0) throw new DareplaneError('ERR_STREAM_LOST', 'gone again')
  })
  t.equal(uidOf(await recoverStream(net.options(stream('1')))), '2')
  t.equal(opens, 2)
  t.same(net.closed, ['2'])
})

for (const error of [
  new DareplaneError('ERR_PROTOCOL_UNSUPPORTED', 'it answers 505'),
  new DareplaneError('ERR_LIBLSL', 'internal'),
  Object.assign(new Error('too many open files'), { code: 'EMFILE' }),
])
  t.test(`a stream that answers ${error.message} is told once, and tried again later each time`, async t => {
    let opens = 0
    const net = network([[stream('2')]], async () => {
      if (++opens < 3) throw error
    })
    const start = performance.now()
    t.equal(uidOf(await recoverStream(net.options(stream('1')))), '2')
    t.ok(performance.now() - start >= 700, 'after 250 and 500 ms')
    t.match(net.told, [['refused', { reason: new RegExp(error.message) }]])
    t.equal(net.told.length, 1)
    t.same(net.closed, ['2', '2'])
  })

t.test('a search that fails is told once and made again', async t => {
  const net = network([[stream('2')]])
  const options = net.options(stream('1'))
  let searches = 0
  const resolve: Engine['resolve'] = (predicate, limits) => {
    if (++searches < 3) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
    return options.engine.resolve(predicate, limits)
  }
  t.equal(uidOf(await recoverStream({ ...options, engine: { ...options.engine, resolve } })), '2')
  t.match(net.told, [['refused', { reason: 'the search failed: too many open files' }]])
  t.equal(net.told.length, 1)
})

t.test('an outlet that serves and ends at once is given more time each time', async t => {
  const net = network([[stream('2')]])
  const recovery = new StreamRecovery(net.options(stream('1')))
  const start = performance.now()
  for (let loss = 0; loss < 4; loss++) t.equal(uidOf(await recovery.recover()), '2')
  t.ok(performance.now() - start >= 1700, 'after 0, 250, 500 and 1000 ms')
})

t.test('what a query cannot carry is left out of it and compared afterwards', async t => {
  const bare = { sourceId: '', hostname: 'M\uFFFDnchen' }
  const one = network([[stream('other', { sourceId: '', hostname: 'lab' })], [stream('2', bare)]])
  t.equal(uidOf(await recoverStream(one.options(stream('1', bare)))), '2')
  t.equal(one.predicates[0], "name='EEG' and type='EEG' and source_id=''")
  const broken = { sourceId: 'amp\n' }
  const two = network([[stream('other')], [stream('2', broken)]])
  t.equal(uidOf(await recoverStream(two.options(stream('1', broken)))), '2')
  t.equal(two.predicates[0], "name='EEG' and type='EEG'")
})

t.test('a stop ends the search, also in the middle of opening', async t => {
  const searching = network([[]])
  searching.controller.abort()
  t.equal(await recoverStream(searching.options(stream('1'))), undefined)

  const opening: ReturnType<typeof network> = network(
    [[stream('2')]],
    () =>
      new Promise((_resolve, reject) => {
        opening.controller.signal.addEventListener('abort', () => reject(new DareplaneError('ERR_CLOSED', 'closed')))
        opening.controller.abort()
      }),
  )
  t.equal(await recoverStream(opening.options(stream('1'))), undefined)
  t.ok(opening.closed.length > 0, 'the inlet is released')
})
