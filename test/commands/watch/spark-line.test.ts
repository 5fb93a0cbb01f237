import t from 'tap'
import { columnMeans, sparkLine } from '../../../src/commands/watch/spark-line.js'

t.test('a spark line spans from its own minimum to its own maximum', async t => {
  t.equal(sparkLine([0, 1, 2, 3, 4, 5, 6, 7]), '▁▂▃▄▅▆▇█')
  t.equal(sparkLine([-1e9, 1e9]), '▁█')
})

t.test('constant values, NaN, infinity and nothing at all have a line too', async t => {
  t.equal(sparkLine([5, 5, 5]), '▄▄▄')
  t.equal(sparkLine([1, NaN, 2, Infinity]), '▁ █ ')
  t.equal(sparkLine([NaN]), ' ')
  t.equal(sparkLine([]), '')
})

t.test('columns are the means of their part of one channel', async t => {
  t.same(columnMeans(Float32Array.of(1, 10, 3, 10, 5, 20, 7, 40), 2, 0, 2), [2, 6])
  t.same(columnMeans(Float32Array.of(1, 10, 3, 10, 5, 20, 7, 40), 2, 1, 2), [10, 30])
  t.same(columnMeans(BigInt64Array.of(4n, 6n), 1, 0, 5), [4, 6])
  t.same(columnMeans(new Float32Array(0), 2, 1, 5), [])
})
