import t from 'tap'
import { IngestMeter } from '../../../src/workers/watcher/ingest-meter.js'

const RATE = 100

/** Stamps of frames `from` to `to` of a stream that starts at 1000 s. */
const frames = (from: number, to: number): Float64Array =>
  Float64Array.from({ length: to - from }, (_, i) => 1000 + (from + i) / RATE)

t.test('frames and pulls are counted from wherever in memory the stamps are', async t => {
  const meter = new IngestMeter(RATE)
  const memory = Float64Array.of(NaN, NaN, ...frames(0, 4), NaN)
  meter.arrived(4, memory, 2, 50)
  meter.arrived(1, frames(4, 5), 0, 50.1)
  t.match(meter.figures, { frames: 5, pulls: 2, gaps: 0, gapFrames: 0, lost: 0, overflows: 0, arrivalS: 50.1 })
})

t.test('a step of more than one and a half periods is a gap, within a chunk and between two', async t => {
  const meter = new IngestMeter(RATE)
  meter.arrived(3, Float64Array.of(1000, 1000.01, 1000.05), 0, 50)
  t.match(meter.figures, { gaps: 1, gapFrames: 3 })
  meter.arrived(1, Float64Array.of(1000.0649), 0, 50.1)
  t.match(meter.figures, { gaps: 1, gapFrames: 3 }, 'jitter of half a period is none')
  meter.arrived(1, Float64Array.of(1001.0649), 0, 50.2)
  t.match(meter.figures, { gaps: 2, gapFrames: 3 + 99 })
  meter.arrived(1, Float64Array.of(900), 0, 50.3)
  t.match(meter.figures, { gaps: 2, lost: 0 }, 'a step back is no gap')
})

t.test('an irregular stream has no gaps', async t => {
  const meter = new IngestMeter(0)
  meter.arrived(3, Float64Array.of(1, 100, 10_000), 0, 50)
  t.match(meter.figures, { frames: 3, gaps: 0, gapFrames: 0 })
})

t.test('a gap is a loss where the queue was full, and only there', async t => {
  const meter = new IngestMeter(RATE)
  meter.arrived(10, frames(0, 10), 0, 50)
  meter.overflowed()
  meter.arrived(10, frames(30, 40), 0, 51)
  t.match(meter.figures, { overflows: 1, lost: 20, gaps: 1, gapFrames: 20 })
  meter.arrived(10, frames(50, 60), 0, 52)
  t.match(meter.figures, { overflows: 1, lost: 20, gaps: 2, gapFrames: 30 }, "the next gap is the sender's")
})

t.test('a stall is five chunks of silence, and 250 ms at least', async t => {
  const quick = new IngestMeter(RATE)
  t.equal(quick.stalledAt(1e9), false, 'not before the first frame')
  for (let i = 0; i < 20; i++) quick.arrived(1, frames(i, i + 1), 0, 50 + i * 0.01)
  const last = quick.figures.arrivalS
  t.equal(quick.stalledAt(last + 0.249), false)
  t.equal(quick.stalledAt(last + 0.251), true)

  const slow = new IngestMeter(RATE)
  for (let i = 0; i < 20; i++) slow.arrived(20, frames(20 * i, 20 * i + 20), 0, 50 + i * 0.2)
  const end = slow.figures.arrivalS
  t.equal(slow.stalledAt(end + 0.99), false, 'chunks of 200 ms')
  t.equal(slow.stalledAt(end + 1.01), true)

  const rare = new IngestMeter(0.5)
  rare.arrived(1, Float64Array.of(1), 0, 50)
  rare.arrived(1, Float64Array.of(3), 0, 50.001)
  t.equal(rare.stalledAt(50 + 9.9), false, 'a chunk is a period at least: 2 s')
  t.equal(rare.stalledAt(50 + 10.1), true)
})

t.test('an irregular stream never stalls', async t => {
  const meter = new IngestMeter(0)
  meter.arrived(1, Float64Array.of(1), 0, 50)
  t.equal(meter.stalledAt(1e9), false)
})

t.test('rates are those of the last second, by the clock and by the stamps', async t => {
  const meter = new IngestMeter(RATE)
  // The sender's clock runs 1 % fast, so that its 100 Hz arrive at 101 Hz.
  for (let i = 0; i <= 30; i++) meter.arrived(10, frames(10 * i, 10 * i + 10), 0, 50 + (i * 0.1) / 1.01)
  t.ok(Math.abs(meter.figures.rateByClock - 101) < 0.01, `${meter.figures.rateByClock} by the clock`)
  t.ok(Math.abs(meter.figures.rateByStamps - 100) < 0.01, `${meter.figures.rateByStamps} by the stamps`)
})

t.test('what an interruption cost is known by the first stamp after it', async t => {
  const meter = new IngestMeter(RATE)
  t.same(meter.resumed(1000), { gapS: 0, gapFrames: 0 }, 'nothing before the first frame')
  meter.arrived(1, frames(0, 1), 0, 50)
  const { gapS, gapFrames } = meter.resumed(1002.01)
  t.equal(gapFrames, 200)
  t.ok(Math.abs(gapS - 2) < 1e-9)
  t.same(meter.resumed(1000.01), { gapS: 0, gapFrames: 0 }, 'the next frame on time')
  t.same(meter.resumed(3), { gapS: 0, gapFrames: 0 }, 'a clock that started again tells nothing')

  const markers = new IngestMeter(0)
  markers.arrived(1, Float64Array.of(1000), 0, 50)
  t.same(markers.resumed(1002), { gapS: 2, gapFrames: 0 })
})

t.test('samples that were late are not missing: what makes up for a jump takes it back', async t => {
  const meter = new IngestMeter(RATE)
  meter.arrived(100, frames(0, 100), 0, 50)
  // Held up for 0.6 s: 60 samples with the stamp of the moment, then all is as before.
  const burst = frames(100, 160).map(() => 1000 + 160 / RATE)
  meter.arrived(60, burst, 0, 51.6)
  meter.arrived(100, frames(160, 260), 0, 52.6)
  t.match(meter.figures, { frames: 260, gaps: 0, gapFrames: 0 })
  const one = Float64Array.from(frames(260, 360), (stamp, i) => (i === 50 ? stamp + 0.7 : stamp))
  meter.arrived(100, one, 0, 53.6)
  t.match(meter.figures, { gaps: 0, gapFrames: 0 }, 'one late stamp')
  meter.arrived(100, frames(400, 500), 0, 55)
  t.match(meter.figures, { gaps: 1, gapFrames: 40 }, 'what is missing stays so')
})

t.test('a stamp that is no time makes no gap, and no figure that is none', async t => {
  const meter = new IngestMeter(RATE)
  for (const [index, wrong] of [NaN, Infinity, -Infinity].entries()) {
    const stamps = frames(100 * index, 100 * index + 100)
    stamps[index === 2 ? 99 : 50] = wrong
    meter.arrived(100, stamps, 0, 50 + index)
  }
  meter.arrived(100, frames(300, 400), 0, 53)
  t.match(meter.figures, { gaps: 0, gapFrames: 0, lost: 0 })
  for (const figure of [meter.figures.rateByClock, meter.figures.rateByStamps]) t.ok(figure > 50 && figure < 200)
})

t.test('an inlet that counts what it drops is believed, and its successor begins anew', async t => {
  const meter = new IngestMeter(RATE)
  meter.arrived(10, frames(0, 10), 0, 50)
  meter.droppedByInlet(0)
  meter.arrived(10, frames(30, 40), 0, 51)
  t.match(meter.figures, { lost: 0, overflows: 0, gapFrames: 20 }, 'a gap in the stamps is no drop')
  meter.droppedByInlet(7)
  meter.reconnected()
  meter.droppedByInlet(2)
  t.match(meter.figures, { lost: 9, overflows: 2 })
})
