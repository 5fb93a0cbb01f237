import t from 'tap'
import { SyntheticEeg } from '../../../src/commands/outlet/synthetic-eeg.js'

function power(samples: Float32Array, channels: number, channel: number, rate: number, hz: number): number {
  let re = 0
  let im = 0
  for (let i = 0; i * channels < samples.length; i++) {
    re += samples[i * channels + channel]! * Math.cos((2 * Math.PI * hz * i) / rate)
    im += samples[i * channels + channel]! * Math.sin((2 * Math.PI * hz * i) / rate)
  }
  return re * re + im * im
}

t.test('the same seed makes the same signal however it is cut, another seed another', async t => {
  const whole = new SyntheticEeg({ channels: 3, rate: 100, seed: 7 }).next(50)
  const pieces = new SyntheticEeg({ channels: 3, rate: 100, seed: 7 })
  const glued = [1, 9, 40].flatMap(frames => [...(pieces.next(frames) as Float32Array)])
  t.same(glued, [...(whole as Float32Array)])
  t.notSame(new SyntheticEeg({ channels: 3, rate: 100, seed: 8 }).next(50), whole)
})

t.test('10 Hz stands out, most at the back of the head, and the values are those of an EEG in microvolts', async t => {
  const eeg = new SyntheticEeg({ channels: 20, rate: 200 })
  const samples = eeg.next(2000) as Float32Array
  const o1 = eeg.labels.indexOf('O1')
  const fp1 = eeg.labels.indexOf('Fp1')
  t.ok(power(samples, 20, o1, 200, 10) > 100 * power(samples, 20, o1, 200, 17))
  t.ok(power(samples, 20, o1, 200, 10) > 4 * power(samples, 20, fp1, 200, 10))
  t.ok(power(samples, 20, fp1, 200, 2) > power(samples, 20, fp1, 200, 60), 'the noise is pink')
  const rms = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length)
  t.ok(rms > 2 && rms < 50, `rms ${rms}`)
})

t.test('labels are those of the 10-20 system and differ up to any number of channels', async t => {
  const { labels } = new SyntheticEeg({ channels: 100, rate: 1 })
  t.same(labels.slice(0, 3), ['Fp1', 'Fp2', 'F7'])
  t.equal(new Set(labels).size, 100)
})

t.test('every format gets its own array, cut at its limits', async t => {
  const constructors = { float32: Float32Array, double64: Float64Array, int8: Int8Array, int16: Int16Array, int32: Int32Array, int64: BigInt64Array } as const // prettier-ignore
  for (const [format, array] of Object.entries(constructors)) {
    const samples = new SyntheticEeg({ channels: 2, rate: 100, format: format as keyof typeof constructors }).next(100)
    t.ok(samples instanceof array, format)
    t.ok(samples.some(value => value > 5) && samples.some(value => value < -5), `${format} has both signs`)
  }
})
