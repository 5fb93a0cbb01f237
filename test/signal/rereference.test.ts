import t from 'tap'
import { commonAverage, rereference } from '../../src/signal/rereference.js'

t.test('the mean of all channels is taken off each, excluded ones do not count', async t => {
  const data = Float32Array.of(1, 2, 6, 4, 4, 4)
  t.strictSame([...commonAverage(data, { channels: 3 })], [-2, -1, 3, 0, 0, 0])
  t.strictSame([...commonAverage(data, { channels: 3, exclude: [2] })], [-0.5, 0.5, 4.5, 0, 0, 0])
  t.equal(commonAverage(data, { channels: 3 }, data), data, 'in place')
  t.strictSame([...data], [-2, -1, 3, 0, 0, 0])
})

t.test('the mean of the reference is taken off each channel', async t => {
  const data = BigInt64Array.of(1n, 3n, 10n)
  t.strictSame([...rereference(data, { channels: 3, reference: [0, 1] })], [-1, 1, 8])
  t.equal(rereference(new Float32Array(0), { channels: 3, reference: [0] }).length, 0)
})

t.test('a channel that is not there is refused', async t => {
  const data = new Float32Array(4)
  t.throws(() => rereference(data, { channels: 2, reference: [2] }), { name: 'RangeError', message: /reference/ })
  t.throws(() => rereference(data, { channels: 2, reference: [] }), {
    name: 'RangeError',
    message: /at least one channel/,
  })
  t.throws(() => commonAverage(data, { channels: 2, exclude: [0, 1] }), { message: /at least one channel/ })
  t.throws(() => commonAverage(data, { channels: 3 }), { name: 'RangeError', message: /whole frames/ })
})
