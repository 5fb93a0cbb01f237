import t from 'tap'
import { DareplaneError } from '../../src/errors.js'
import type { Engine, EngineInlet } from '../../src/lsl/engine.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { recoverStream } from '../../src/workers/recover-stream.js'
import type { RecoverOptions } from '../../src/workers/recover-stream.js'
import { WatcherBoard } from '../../src/workers/watcher-board.js'

const stream = (uid: string, options: object = {}): StreamInfo =>
  new StreamInfo({ name: 'EEG', type: 'EEG', channelCount: 8, nominalSrate: 100, sourceId: 'amp', uid, ...options })

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
  t.same(one.predicates, ["name='EEG' and type='EEG' and source_id='amp'"])
  const bare = { sourceId: '', hostname: 'lab' }
  const other = network([[stream('2', bare)]])
  await recoverStream(other.options(stream('1', bare)))
  t.same(other.predicates, ["name='EEG' and type='EEG' and hostname='lab' and source_id=''"])
})

t.test('of several the newest is taken', async t => {
  const streams = [stream('old', { createdAt: 1 }), stream('new', { createdAt: 3 }), stream('mid', { createdAt: 2 })]
  t.equal(uidOf(await recoverStream(network([streams]).options(stream('1')))), 'new')
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

t.test('what cannot be recovered from is thrown, and the inlet released', async t => {
  const net = network([[stream('2')]], async () => {
    throw new DareplaneError('ERR_LIBLSL', 'internal')
  })
  await t.rejects(recoverStream(net.options(stream('1'))), { code: 'ERR_LIBLSL' })
  t.same(net.closed, ['2'])
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
