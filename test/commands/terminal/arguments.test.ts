import t from 'tap'
import { channelFormat, integerWithin, numberWithin, seconds } from '../../../src/commands/terminal/arguments.js'

t.test('numbers are taken within their bounds, both bounds included', async t => {
  const parse = numberWithin({ min: 1, max: 2 })
  t.equal(parse('1'), 1)
  t.equal(parse('2'), 2)
  t.equal(parse('1.5e0'), 1.5)
  for (const text of ['0.9', '2.1', '-Infinity'])
    t.throws(() => parse(text), { message: /It must be from 1 to 2/ }, text)
  for (const text of ['', ' ', 'x', '1 2', 'NaN']) t.throws(() => parse(text), { message: /not a number/ }, text)
  t.throws(() => numberWithin({ min: 1 })('0'), { message: /at least 1/ })
  t.throws(() => numberWithin({ max: 1 })('2'), { message: /at most 1/ })
})

t.test('whole numbers are not rounded', async t => {
  t.equal(integerWithin({ min: 1 })('8'), 8)
  t.throws(() => integerWithin({ min: 1 })('8.5'), { message: /not a whole number/ })
})

t.test('seconds are finite and not negative', async t => {
  t.equal(seconds('0'), 0)
  for (const text of ['-1', 'Infinity']) t.throws(() => seconds(text), { message: /It must be/ }, text)
})

t.test('a channel format has the names of LSL and of NumPy', async t => {
  t.equal(channelFormat('float64'), 'double64')
  t.equal(channelFormat('string'), 'string')
  t.throws(() => channelFormat('float16'), { message: /one of float32, double64/ })
})
