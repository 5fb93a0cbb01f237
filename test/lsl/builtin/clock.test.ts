import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { builtinEngine } from '../../../src/lsl/builtin/builtin-engine.js'
import { TimeReceiver } from '../../../src/lsl/builtin/clock/time-receiver.js'
import { Dejitter } from '../../../src/lsl/builtin/clock/dejitter.js'
import { TimePostprocessor } from '../../../src/lsl/builtin/clock/time-postprocessor.js'
import { loadConfig } from '../../../src/lsl/builtin/config/load-config.js'
import { bindUdp } from '../../../src/lsl/builtin/net/bind-in-range.js'
import { localClock } from '../../../src/clock.js'
import { chooseEngine } from '../../../src/lsl/choose-engine.js'
import type { EngineInlet } from '../../../src/lsl/engine.js'
import { FrameBuffer } from '../../../src/lsl/frame-buffer.js'
import { pullWithin } from '../../../src/lsl/pull-waiter.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { wheelLibrary } from '../../support/lsl/libraries.js'

const RATE = 100

function jittered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => 1000.5 + index / RATE + 0.004 * Math.sin(index * 7.3))
}

async function stampsOf(inlet: EngineInlet, count: number): Promise<number[]> {
  const sink = new FrameBuffer('float32', 1, count)
  const stamps: number[] = []
  while (stamps.length < count) {
    const frames = await pullWithin(inlet, sink, 100)
    if (frames === 0) break
    stamps.push(...sink.times.subarray(0, frames))
  }
  return stamps
}

const library = wheelLibrary()
t.test('stamps are smoothed to those of liblsl', { skip: library === undefined && 'no current liblsl' }, async t => {
  const name = uniqueName('jitter')
  const builtin = builtinEngine()
  const info = new StreamInfo({ name, channelCount: 1, nominalSrate: RATE })
  const outlet = builtin.createOutlet(info, { chunkSize: 1, maxBufferedS: 60 })
  const inlets = await Promise.all(
    [builtin, chooseEngine({ engine: 'liblsl', library: library! })].map(async engine => {
      const [found] = await engine.resolve(`name='${name}'`, { minimum: 1, timeoutS: 5 })
      const processing = { dejitter: true, monotonize: true }
      const inlet = await engine.createInlet(found!, { queueFrames: 10_000, recover: false, processing })
      await inlet.open(5)
      return inlet
    }),
  )
  t.teardown(() => Promise.all([...inlets, outlet].map(end => end.close())))
  const sent = jittered(2000)
  outlet.push(new Float32Array(sent.length), sent.length, Float64Array.from(sent), true)
  const [ours, theirs] = await Promise.all(inlets.map(inlet => stampsOf(inlet, sent.length)))
  t.equal(theirs!.length, sent.length)
  const worst = Math.max(...ours!.map((stamp, index) => Math.abs(stamp - theirs![index]!)))
  t.ok(worst < 1e-9, `differs by ${worst} s at most`)
})

t.test('a smoothed line goes on rightly after lost samples', async t => {
  const stamps = new TimePostprocessor(
    { dejitter: true },
    { nominalSrate: () => RATE, halftimeS: 90, offset: () => undefined },
  )
  const sent = jittered(4000)
  const kept = sent.filter((_, index) => index < 1500 || index >= 3000)
  const smoothed = kept.map(stamp => stamps.apply(stamp))
  const error = (index: number): number => Math.abs(smoothed[index]! - kept[index]!)
  t.ok(error(1500) < 0.01, `first stamp after the gap is off by ${error(1500)} s`)
  t.ok(error(kept.length - 1) < 0.01)
  const naive = new Dejitter(kept[0]!, RATE, 90)
  const bent = kept.map(stamp => naive.apply(stamp))
  t.ok(Math.abs(bent[1500]! - kept[1500]!) > 1, 'which without that would be seconds')
})

t.test('a gap that was none is taken back: a late stamp, or a sender that was held up', async t => {
  const smooth = (sent: readonly number[]): number[] => {
    const stamps = new TimePostprocessor(
      { dejitter: true },
      { nominalSrate: () => RATE, halftimeS: 90, offset: () => undefined },
    )
    return sent.map(stamp => stamps.apply(stamp))
  }
  const steady = jittered(6000)
  const right = smooth(steady)
  const worst = (got: readonly number[], from: number): number =>
    Math.max(...got.slice(from).map((stamp, i) => Math.abs(stamp - right[from + i]!)))
  const oneLate = steady.map((stamp, i) => stamp + (i === 3000 ? 0.7 : 0))
  t.ok(worst(smooth(oneLate), 3001) < 0.025, `${worst(smooth(oneLate), 3001)} s after one late stamp`)
  const until = steady[3000]! + 0.6
  const heldUp = steady.map((stamp, i) => (i < 3000 ? stamp : Math.max(stamp, until)))
  const later = 3000 + Math.ceil(0.6 * RATE)
  t.ok(worst(smooth(heldUp), later) < 0.025, `${worst(smooth(heldUp), later)} s after the sender was held up`)
})

t.test('a stamp that is no number passes through and spoils no other', async t => {
  for (const processing of [{ dejitter: true }, { monotonize: true }, { dejitter: true, monotonize: true }]) {
    const stamps = new TimePostprocessor(processing, {
      nominalSrate: () => RATE,
      halftimeS: 90,
      offset: () => undefined,
    })
    const sent = Array.from({ length: 500 }, (_, i) =>
      [100, 200].includes(i) ? [NaN, Infinity][i / 100 - 1]! : i / RATE,
    )
    const got = sent.map(stamp => stamps.apply(stamp))
    t.same([got[100], got[200]], [NaN, Infinity])
    got.forEach((stamp, i) => {
      if (i === 100 || i === 200) return
      if (!(Math.abs(stamp - i / RATE) < 0.01)) t.fail(`stamp ${i} is ${stamp}`)
    })
  }
})

t.test('stamps never step back when that is asked for, and follow the clock offset', async t => {
  const steady = new TimePostprocessor(
    { monotonize: true },
    { nominalSrate: () => 0, halftimeS: 90, offset: () => undefined },
  )
  t.same(
    [1, 3, 2, 4].map(stamp => steady.apply(stamp)),
    [1, 3, 3, 4],
  )
  const synced = new TimePostprocessor({ clockSync: true }, { nominalSrate: () => 0, halftimeS: 90, offset: () => -10 })
  t.same(
    [11, 12].map(stamp => synced.apply(stamp)),
    [1, 2],
  )
})

t.test(
  'the clock of another host is measured within a round trip, then wave by wave, the fastest probe counting',
  async t => {
    const SHIFT_S = 1234
    const LATE_S = 0.2
    let probes = 0
    const server = await bindUdp(4, { port: 0, address: '127.0.0.1' })
    const late = new Set<NodeJS.Timeout>()
    t.teardown(() => {
      late.forEach(timer => clearTimeout(timer))
      server.close()
    })
    server.on('message', (message, from) => {
      const [, wave = '', sent = ''] = /\n(\S+) (\S+)/.exec(message.toString()) ?? []
      // Noise, and an answer to a wave that never was, come first.
      server.send('noise', from.port, from.address)
      server.send(` 999 ${sent} 1 1`, from.port, from.address)
      const answer = (): void => {
        const now = localClock() + SHIFT_S
        server.send(` ${wave} ${sent} ${now} ${now}`, from.port, from.address)
      }
      // Most answers are late, by more than a busy machine adds; a mean of the probes would take that for an offset.
      if (probes++ % 8 === 3) answer()
      else late.add(setTimeout(answer, LATE_S * 1000))
    })
    const config = {
      ...loadConfig().config,
      timeProbeIntervalS: 0.01,
      timeProbeMaxRttS: 0.5,
      timeUpdateIntervalS: 0.2,
    }
    const clock = new TimeReceiver(config)
    clock.start({ address: '127.0.0.1', port: server.address().port })
    t.teardown(() => clock.stop())
    await Promise.race([clock.known(), new Promise(resolve => setTimeout(resolve, 5000))])
    t.ok(clock.current !== undefined)
    const end = performance.now() + 10_000
    while (clock.history.length < 2 && performance.now() < end) await new Promise(resolve => setTimeout(resolve, 10))
    t.ok(clock.history.length >= 2)
    // Seven of eight answers are late: a mean of them would be uncertain by more than this.
    for (const { offsetS, uncertaintyS } of clock.history) {
      t.ok(
        Math.abs(offsetS + SHIFT_S) <= uncertaintyS / 2 + 1e-6 && uncertaintyS < 0.75 * LATE_S,
        `offset ${offsetS}, uncertainty ${uncertaintyS}`,
      )
    }
  },
)
