import t from 'tap'
import { earliest, scheduleOf } from '../../../src/commands/outlet/schedule.js'
import { xmlElement } from '../../../src/lsl/xml.js'
import type { ClockOffset } from '../../../src/xdf/stamps/clock-map.js'
import { readXdf } from '../../../src/xdf/read-xdf.js'
import type { XdfStream } from '../../../src/xdf/read-xdf.js'
import { AS_RECORDED } from '../../../src/xdf/stamps/stamp-correction.js'
import { recording } from '../../support/xdf/recordings.js'

function stream(times: number[], clockOffsets: ClockOffset[] = []): XdfStream {
  return {
    id: 1,
    headerXml: '',
    name: 'S',
    type: '',
    sourceId: '',
    channelCount: 1,
    nominalSrate: 0,
    channelFormat: 'int8',
    samples: new Int8Array(times.length),
    times: Float64Array.from(times),
    clockOffsets,
    desc: xmlElement('desc'),
  }
}

const rounded = (dues: Float64Array[]): number[][] =>
  dues.map(times => [...times].map(due => Math.round(due * 1e6) / 1e6))

t.test('samples are due as far apart as they were recorded, from the first of all streams', async t => {
  t.same(rounded(scheduleOf([stream([10, 10.5, 11]), stream([9.5, 10.75])])), [
    [0.5, 1, 1.5],
    [0, 1.25],
  ])
})

t.test('streams of machines with different clocks are put on the clock of the recorder', async t => {
  const there = stream([1000, 1001], [{ time: 1000, offset: -990 }])
  const here = stream([10.5, 11.5], [{ time: 10, offset: 0 }])
  t.same(rounded(scheduleOf([there, here])), [
    [0, 1],
    [0.5, 1.5],
  ])
})

t.test('a clock reset becomes a short pause that all streams share', async t => {
  const offsets = [
    { time: 1000, offset: -900 },
    { time: 5, offset: 200 },
  ]
  const dues = scheduleOf([stream([1000, 1001, 5, 6], offsets), stream([1000.5, 5.5], offsets)])
  t.same(rounded(dues), [
    [0, 1, 4, 5],
    [0.5, 4.5],
  ])
})

t.test('a stamp that goes back a little does not put a sample before its predecessor', async t => {
  t.same(rounded(scheduleOf([stream([1, 2, 1.9, 2.5])])), [[0, 1, 1, 1.5]])
})

t.test('empty streams, alone or among others, have nothing due', async t => {
  t.same(rounded(scheduleOf([stream([]), stream([])])), [[], []])
  t.same(rounded(scheduleOf([stream([]), stream([3])])), [[], [0]])
  t.equal(earliest([], []), -1)
})

t.test(
  'clock_resets.xdf is due in ascending order without the minutes that its machine was away',
  { skip: recording('clock_resets.xdf').skip },
  async t => {
    const streams = await readXdf(recording('clock_resets.xdf').file, AS_RECORDED)
    const dues = scheduleOf(streams)
    for (const [s, times] of dues.entries()) {
      t.equal(times.length, streams[s]!.times.length)
      t.ok(times.every((due, i) => due >= (times[i - 1] ?? 0)))
    }
    const last = Math.max(...dues.map(times => times.at(-1)!))
    t.ok(last > 290 && last < 310, `${last} s; 138 s and 161 s were recorded, 273 s lie between them`)
  },
)

t.test('a sample whose stamp is no number is due with the one before it, and all that follow are due too', async t => {
  t.same(rounded(scheduleOf([stream([NaN, 1, NaN, Infinity, 2, -Infinity, 3]), stream([NaN, NaN])])), [
    [0, 0, 0, 0, 1, 1, 2],
    [0, 0],
  ])
})
