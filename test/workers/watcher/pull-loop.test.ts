import t from 'tap'
import { localClock } from '../../../src/clock.js'
import { DareplaneError } from '../../../src/errors.js'
import type { EngineInlet, FrameSink, NumericSink, TimeCorrection, TimeMeasurement } from '../../../src/lsl/engine.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { allocateRing } from '../../../src/ring/allocate-ring.js'
import { RingReader } from '../../../src/ring/ring-reader.js'
import { StopEvent } from '../../../src/stop-event.js'
import { PullLoop } from '../../../src/workers/watcher/pull-loop.js'
import type { PullLoopOptions } from '../../../src/workers/watcher/pull-loop.js'
import { WatcherBoard } from '../../../src/workers/watcher/watcher-board.js'

const RATE = 100
const QUEUE = 40
const info = new StreamInfo({ name: 'A', channelCount: 1, nominalSrate: RATE })

/** What one pull finds: frames with these indices; an error; or nothing. */
type Find = readonly number[] | Error | (() => void)

/** Stamps are of the LSL clock, or they would be told to be foreign. */
const START_S = Math.floor(localClock())

/** An inlet that finds one thing after the other. A function is called, and finds nothing. */
class ScriptedInlet implements EngineInlet {
  closed = 0
  available = 0
  /** Seconds that the stamps are ahead of the LSL clock. */
  aheadS = 0
  readonly dropped = undefined
  correction: TimeCorrection | undefined
  readonly #finds: Find[]
  waits = 0
  readonly wait: EngineInlet['wait']

  constructor(finds: readonly Find[], { blocks = true } = {}) {
    this.#finds = [...finds]
    if (blocks) return
    this.wait = wake => {
      this.waits++
      setImmediate(wake)
    }
  }

  open = async (): Promise<void> => undefined
  fullInfo = async (): Promise<StreamInfo> => info
  timeCorrection = (): TimeCorrection | undefined => this.correction
  wasClockReset = (): boolean => false
  timeMeasurements = (): readonly TimeMeasurement[] => []
  samplesAvailable = (): number => this.available
  flush = (): number => 0

  async close(): Promise<void> {
    this.closed++
  }

  pull(sink: FrameSink): number {
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
      ring.times[slot + i] = START_S + this.aheadS + index / RATE
    })
    ring.publish(find.length)
    this.available = 0
    return find.length
  }
}

function loopOn(
  inlet: EngineInlet,
  recover: () => Promise<EngineInlet | undefined> = async () => undefined,
  options: Partial<PullLoopOptions> = {},
) {
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
    ...options,
  })
  return { loop, stop, board, told, reader }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)
const lost = new DareplaneError('ERR_STREAM_LOST', 'stream A was lost')

for (const blocks of [true, false]) {
  t.test(
    `frames of an inlet that ${blocks ? 'blocks' : 'does not block'} go into the ring until it is stopped`,
    async t => {
      const inlet: ScriptedInlet = new ScriptedInlet([range(0, 3), [], range(3, 10), () => run.stop.set()], {
        blocks,
      })
      const run = loopOn(inlet)
      inlet.correction = { offsetS: 0.5, uncertaintyS: 0.001 }
      t.equal(await run.loop.run(), inlet)
      const { data, times, frames } = run.reader.latest(50)
      t.same([...(data as Float32Array)], range(0, 10))
      t.equal(frames, 10)
      t.equal(times[9], START_S + 0.09)
      t.match(run.board.read(), {
        frames: 10,
        pulls: 2,
        lost: 0,
        gaps: 0,
        offsetS: 0.5,
        uncertaintyS: 0.001,
        reconnections: 0,
      })
      t.equal(run.reader.closed, true)
      t.equal(inlet.closed, 0, 'it is released by whoever has it now')
      t.equal(inlet.waits, blocks ? 0 : 1, 'it is waited for once it has no more, and not after the stop')
      t.same(run.told, [])
    },
  )
}

t.test('in a burst a reader that is behind is waited for, a tenth of a second at most', async t => {
  const chunks = Array.from({ length: 6 }, (_, i) => range(50 * i, 50 * (i + 1)))
  const inlet: ScriptedInlet = new ScriptedInlet([...chunks, [], () => run.stop.set()])
  const run = loopOn(inlet)
  run.reader.takeNew()
  const start = performance.now()
  await run.loop.run()
  t.ok(performance.now() - start >= 95, 'it never comes')
  t.equal(run.board.read().frames, 300)
  t.equal(run.reader.takeNew().lost, 200, 'lapped, and told')
})

for (const isShared of [false, true])
  t.test(`on ${isShared ? 'a shared thread it waits without blocking it' : 'its own thread it blocks'}`, async t => {
    const blocks = t.capture(Atomics, 'wait', Atomics.wait)
    const chunks = Array.from({ length: 6 }, (_, i) => range(50 * i, 50 * (i + 1)))
    const inlet: ScriptedInlet = new ScriptedInlet([...chunks, [], () => run.stop.set()])
    const run = loopOn(inlet, undefined, { isShared })
    const taken = { frames: 0, lost: 0 }
    const take = (): void => {
      const { frames, lost } = run.reader.takeNew()
      taken.frames += frames
      taken.lost += lost
    }
    take()
    const reading = setInterval(take, 1)
    await run.loop.run()
    clearInterval(reading)
    for (let i = 0; i < chunks.length; i++) take()
    if (isShared) t.same(taken, { frames: 300, lost: 0 })
    t.equal(blocks().length > 0, !isShared)
  })

t.test('the offsets of the clock are kept as they are measured, each once', async t => {
  const clock = allocateRing({ frames: 8, channels: 2, format: 'double64' })
  const inlet: ScriptedInlet = new ScriptedInlet([range(0, 3), range(3, 6), () => run.stop.set()])
  const run = loopOn(inlet, undefined, { clock })
  inlet.correction = { offsetS: 0.5, uncertaintyS: 0.001 }
  await run.loop.run()
  const kept = RingReader.attach(clock)
  t.strictSame([...(kept.latest(1).data as Float64Array)], [0.5, 0.001])
  t.equal(kept.written(), 1)
  t.equal(kept.closed, true)

  const synchronized = allocateRing({ frames: 8, channels: 2, format: 'double64' })
  const other: ScriptedInlet = new ScriptedInlet([range(0, 3), () => again.stop.set()])
  const again = loopOn(other, undefined, { clock: synchronized, isSynchronized: true })
  other.correction = { offsetS: 0.5, uncertaintyS: 0.001 }
  await again.loop.run()
  t.equal(RingReader.attach(synchronized).latest(1).data[0], 0, 'nothing is left to add to stamps that are corrected')
})

t.test('stamps of another clock are told once, and seen in the figures', async t => {
  const inlet: ScriptedInlet = new ScriptedInlet([range(0, 3), range(3, 6), range(6, 9), () => run.stop.set()])
  inlet.aheadS = Math.floor(Date.now() / 1000) - START_S
  inlet.correction = { offsetS: 0, uncertaintyS: 0.001 }
  const run = loopOn(inlet)
  await run.loop.run()
  t.match(run.told, [['foreignClock', { clock: 'unix' }]])
  t.equal(run.told.length, 1)
  t.equal(run.board.read().foreignClock, 1)
})

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
  t.match(recovered, ['recovered', { after: 'lost', reconnections: 1, gapFrames: 20 }])
  t.match(run.board.read(), { frames: 10, reconnections: 1, gaps: 1, gapFrames: 20, lost: 0 })
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

t.test('an error of the library or of the system ends the connection, not the watcher', async t => {
  for (const error of [
    new DareplaneError('ERR_LIBLSL', 'internal'),
    Object.assign(new Error('x'), { code: 'EMFILE' }),
  ]) {
    const run: ReturnType<typeof loopOn> = loopOn(new ScriptedInlet([range(0, 5), error]), async () => {
      run.stop.set()
      return undefined
    })
    await run.loop.run()
    t.match(run.told, [['lost', { reason: error.message }]])
  }
})

t.test('connections that bring nothing are one loss', async t => {
  let connections = 0
  const run: ReturnType<typeof loopOn> = loopOn(new ScriptedInlet([range(0, 5), lost]), async () => {
    if (++connections < 4) return new ScriptedInlet([lost])
    if (connections === 4) return new ScriptedInlet([range(10, 15), lost])
    run.stop.set()
    return undefined
  })
  await run.loop.run()
  t.same(
    run.told.map(([event]) => event),
    ['lost', 'recovered', 'lost'],
  )
  t.equal(run.board.read().reconnections, 1)
})

t.test('a mistake of ours closes the ring and is thrown', async t => {
  const run = loopOn(new ScriptedInlet([range(0, 5), new TypeError('no sink')]))
  await t.rejects(run.loop.run(), { message: 'no sink' })
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
    ['recovered', { after: 'stalled', reconnections: 0, gapFrames: 30 }],
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
