import t from 'tap'
import { localClock } from '../../src/clock.js'
import { DareplaneError } from '../../src/errors.js'
import type { EngineInlet, FrameSink, NumericSink, TimeCorrection, TimeMeasurement } from '../../src/lsl/engine.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import { RingReader } from '../../src/ring/ring-reader.js'
import { StopEvent } from '../../src/stop-event.js'
import { PullLoop } from '../../src/workers/pull-loop.js'
import { WatcherBoard } from '../../src/workers/watcher-board.js'

const RATE = 100
const QUEUE = 40
const info = new StreamInfo({ name: 'A', channelCount: 1, nominalSrate: RATE })

/** What one pull finds: frames with these indices; an error; or nothing. */
type Find = readonly number[] | Error | (() => void)

/** An inlet that finds one thing after the other. A function is called, and finds nothing. */
class ScriptedInlet implements EngineInlet {
  closed = 0
  available = 0
  readonly dropped = undefined
  correction: TimeCorrection | undefined
  readonly #finds: Find[]
  readonly #asynchronous: boolean

  constructor(finds: readonly Find[], { asynchronous = false } = {}) {
    this.#finds = [...finds]
    this.#asynchronous = asynchronous
  }

  open = async (): Promise<void> => undefined
  fullInfo = async (): Promise<StreamInfo> => info
  timeCorrection = (): TimeCorrection | undefined => this.correction
  timeMeasurements = (): readonly TimeMeasurement[] => []
  samplesAvailable = (): number => this.available
  flush = (): number => 0

  async close(): Promise<void> {
    this.closed++
  }

  pull(sink: FrameSink): number | Promise<number> {
    const find = this.#finds.shift() ?? []
    if (find instanceof Error) throw find
    if (typeof find === 'function') {
      find()
      return 0
    }
    const ring = sink as NumericSink
    const slot = ring.position()
    find.forEach((index, i) => {
      ring.samples[slot + i] = index
      ring.times[slot + i] = 1000 + index / RATE
    })
    ring.publish(find.length)
    this.available = 0
    return this.#asynchronous ? Promise.resolve(find.length) : find.length
  }
}

function loopOn(inlet: EngineInlet, recover: () => Promise<EngineInlet | undefined> = async () => undefined) {
  const stop = new StopEvent()
  const board = new WatcherBoard()
  board.state = 'connected'
  const told: [string, object][] = []
  const ring = allocateRing({ frames: 50, channels: 1, format: 'float32', nominalSrate: RATE })
  const reader = RingReader.attach(ring)
  const loop = new PullLoop(inlet, {
    info,
    ring,
    queueFrames: QUEUE,
    board,
    stop,
    tell: (event, detail) => void told.push([event, detail]),
    recover,
  })
  return { loop, stop, board, told, reader }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)
const lost = new DareplaneError('ERR_STREAM_LOST', 'stream A was lost')

for (const asynchronous of [false, true]) {
  t.test(
    `frames of ${asynchronous ? 'an asynchronous' : 'a synchronous'} inlet go into the ring until it is stopped`,
    async t => {
      const inlet: ScriptedInlet = new ScriptedInlet([range(0, 3), [], range(3, 10), () => run.stop.set()], {
        asynchronous,
      })
      const run = loopOn(inlet)
      inlet.correction = { offsetS: 0.5, uncertaintyS: 0.001 }
      t.equal(await run.loop.run(), inlet)
      const { data, times, frames } = run.reader.latest(50)
      t.same([...(data as Float32Array)], range(0, 10))
      t.equal(frames, 10)
      t.equal(times[9], 1000.09)
      t.match(run.board.read(), { frames: 10, pulls: 2, lost: 0, gaps: 0, offsetS: 0.5, uncertaintyS: 0.001, epoch: 0 })
      t.equal(run.reader.closed, true)
      t.equal(inlet.closed, 0, 'it is released by whoever has it now')
      t.same(run.told, [])
    },
  )
}

t.test('a lost stream is told, released and recovered, with the gap it left', async t => {
  const first = new ScriptedInlet([range(0, 5), lost])
  const second: ScriptedInlet = new ScriptedInlet([[], range(25, 30), () => run.stop.set()])
  const states: string[] = []
  const run = loopOn(first, async () => {
    states.push(run.board.state)
    return second
  })
  t.equal(await run.loop.run(), second)
  t.same(states, ['lost'])
  t.equal(first.closed, 1)
  t.equal(run.board.state, 'connected')
  const [toldLost, recovered] = run.told
  t.same(toldLost, ['lost', { reason: 'stream A was lost' }])
  t.match(recovered, ['recovered', { after: 'lost', epoch: 1, gapFrames: 20 }])
  t.match(run.board.read(), { frames: 10, epoch: 1, gaps: 1, gapFrames: 20, lost: 0 })
})

t.test('a stop while it looks for a lost stream ends it', async t => {
  const inlet = new ScriptedInlet([range(0, 5), lost])
  const run = loopOn(inlet, async () => {
    run.stop.set()
    return undefined
  })
  await run.loop.run()
  t.equal(run.reader.closed, true)
  t.equal(inlet.closed, 1)
})

t.test('what cannot be recovered from closes the ring and is thrown', async t => {
  const run = loopOn(new ScriptedInlet([range(0, 5), new DareplaneError('ERR_LIBLSL', 'internal')]))
  await t.rejects(run.loop.run(), { code: 'ERR_LIBLSL' })
  t.equal(run.reader.closed, true)
  t.equal(run.reader.written(), 5)
})

t.test('silence is told once, and what ends it', async t => {
  const silentUntilStalled: Find[] = []
  const inlet: ScriptedInlet = new ScriptedInlet([range(0, 5)])
  const run = loopOn(inlet)
  const end = localClock() + 10
  inlet.pull = sink => {
    if (run.board.state !== 'stalled' && run.told.length === 0 && localClock() < end && silentUntilStalled.length > 0)
      return 0
    const find = silentUntilStalled.length === 0 ? range(0, 5) : range(35, 40)
    silentUntilStalled.push(find)
    if (silentUntilStalled.length > 2) run.stop.set()
    return silentUntilStalled.length > 2 ? 0 : ScriptedInlet.prototype.pull.call(new ScriptedInlet([find]), sink)
  }
  await run.loop.run()
  t.match(run.told, [
    ['stalled', {}],
    ['recovered', { after: 'stalled', epoch: 0, gapFrames: 30 }],
  ])
  t.ok((run.told[0]?.[1] as { ageS: number }).ageS >= 0.25)
  t.equal(run.board.state, 'connected')
})

t.test('what a queue dropped while nobody pulled is counted as lost, from the first pull on', async t => {
  const inlet: ScriptedInlet = new ScriptedInlet([
    range(0, 5),
    () => (inlet.available = QUEUE),
    range(65, 105),
    range(105, 110),
    () => run.stop.set(),
  ])
  const run = loopOn(inlet)
  await run.loop.run()
  t.match(run.board.read(), { frames: 50, overflows: 1, lost: 60, gaps: 1, gapFrames: 60 })
})
