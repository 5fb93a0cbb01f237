import t from 'tap'
import { Envelope } from '../../../src/view/plot/envelope.js'
import type { EnvelopeSpec } from '../../../src/view/plot/envelope.js'
import { readFrame } from '../../../src/view/wire/frames.js'
import type { EnvelopeFrame } from '../../../src/view/wire/frames.js'

const plain: EnvelopeSpec = {
  channels: 2, srate: 100, format: 'float32', binFrames: 4, highPass: 0, lowPass: 0, reference: 'none',
} // prettier-ignore

/** Frame i has the values i and -i, and the stamp `start` + i / 100. */
function counting(from: number, frames: number, start = 0) {
  const data = Float32Array.from({ length: 2 * frames }, (_, k) => (k % 2 === 0 ? 1 : -1) * (from + (k >> 1)))
  const times = Float64Array.from({ length: frames }, (_, i) => start + (from + i) / 100)
  return { data, times, frames }
}

function framesOf(envelope: Envelope, cursor = 0): EnvelopeFrame {
  const sent = envelope.frame(1, cursor)
  const frame = sent && readFrame(sent.buffer)
  if (frame?.kind !== 1) throw new Error('no columns')
  return frame
}

t.test('each column has the minimum and the maximum of its samples, however they are cut into windows', async t => {
  const whole = new Envelope(plain)
  whole.append(counting(0, 12), 0, 0)
  const pieces = new Envelope(plain)
  for (const [from, frames] of [[0, 1], [1, 5], [6, 2], [8, 4]] as const) pieces.append(counting(from, frames), 0, 0) // prettier-ignore
  for (const envelope of [whole, pieces]) {
    const { count, pairs, stamps, missing } = framesOf(envelope)
    t.equal(count, 3)
    t.same([...pairs], [0, 3, -3, 0, 4, 7, -7, -4, 8, 11, -11, -8])
    t.same([...stamps], [0, 0.03, 0.04, 0.07, 0.08, 0.11])
    t.same([...missing], [0, 0, 0])
  }
})

t.test('a single spike is in its column and nowhere else', async t => {
  const envelope = new Envelope({ ...plain, binFrames: 100 })
  const window = counting(0, 300)
  window.data.fill(0)
  window.data[2 * 150] = 1e6
  envelope.append(window, 0, 0)
  const { pairs } = framesOf(envelope)
  t.same([pairs[1], pairs[5], pairs[9]], [0, 1e6, 0])
})

t.test('a gap in the stamps ends the column, and is told with what is missing', async t => {
  const envelope = new Envelope(plain)
  envelope.append(counting(0, 6), 0, 0)
  envelope.append(counting(31, 4), 0, 0)
  const { count, stamps, missing } = framesOf(envelope)
  t.equal(count, 3)
  t.same([...missing], [0, 0, 25])
  t.same([...stamps].slice(2), [0.04, 0.05, 0.31, 0.34])
})

t.test('what the view was too slow for is not called missing', async t => {
  const envelope = new Envelope(plain)
  envelope.append(counting(0, 4), 0, 0)
  envelope.append(counting(50, 4), 0, 46)
  t.same([...framesOf(envelope).missing], [0, -46])
})

t.test('stamps that step back end the column, and nothing is missing', async t => {
  const envelope = new Envelope(plain)
  envelope.append(counting(0, 2), 0, 0)
  envelope.append(counting(2, 4, -10), 0, 0)
  const { count, missing } = framesOf(envelope)
  t.equal(count, 2)
  t.same([...missing], [0, 0])
})

t.test('a column without a number is NaN, and NaN hides no number beside it', async t => {
  const envelope = new Envelope(plain)
  const window = counting(0, 8)
  for (let i = 0; i < 4; i++) window.data[2 * i] = NaN
  window.data[2 * 5] = NaN
  envelope.append(window, 0, 0)
  const { pairs } = framesOf(envelope)
  t.same([...pairs.subarray(0, 2)], [NaN, NaN])
  t.same([...pairs.subarray(4, 6)], [4, 7])
})

t.test('a viewer that falls behind is told how many columns it missed', async t => {
  const envelope = new Envelope({ ...plain, binFrames: 1 })
  for (let i = 0; i < 30; i++) envelope.append(counting(100 * i, 100), 0, 0)
  const first = framesOf(envelope)
  t.ok(first.missed > 0)
  t.equal(first.first, first.missed)
  t.equal(first.pairs[0], first.first, 'the columns are those that they say they are')
  let cursor = 0
  let columns = 0
  let missed = 0
  for (let sent = envelope.frame(1, cursor); sent; sent = envelope.frame(1, cursor)) {
    columns += readFrame(sent.buffer)?.count ?? 0
    missed += sent.missed
    cursor = sent.next
  }
  t.equal(columns + missed, 3000)
  t.equal(envelope.frame(1, cursor), undefined)
})

t.test('the average of all channels is taken away, where it is the reference', async t => {
  const envelope = new Envelope({ ...plain, reference: 'average' })
  const window = counting(0, 4)
  for (let i = 0; i < 4; i++) window.data.set([10, 4], 2 * i)
  envelope.append(window, 0, 0)
  t.same([...framesOf(envelope).pairs], [3, 3, -3, -3])
})

t.test('a constant passes a high-pass as zero at once, and a fast sine is not weakened', async t => {
  const sine = (i: number): number => 1000 + 5 * Math.sin((2 * Math.PI * 20 * i) / 1000)
  const envelope = new Envelope({ ...plain, channels: 1, srate: 1000, binFrames: 100, highPass: 1 })
  const data = Float32Array.from({ length: 4000 }, (_, i) => (i < 1000 ? 1000 : sine(i)))
  envelope.append({ data, times: Float64Array.from(data, (_, i) => i / 1000), frames: 4000 }, 0, 0)
  const { pairs, rms } = framesOf(envelope)
  t.ok(Math.abs(pairs[0] ?? NaN) < 1e-3 && Math.abs(pairs[1] ?? NaN) < 1e-3, 'no transient')
  t.ok(Math.abs((pairs[79] ?? NaN) - 5) < 0.2, `the peak is ${pairs[79]}`)
  t.ok(Math.abs((rms[0] ?? NaN) - 5 / Math.SQRT2) < 0.4, `the rms is ${rms[0]}`)
})
