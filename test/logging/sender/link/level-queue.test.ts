import fc from 'fast-check'
import t from 'tap'
import { LevelQueue } from '../../../../src/logging/sender/link/level-queue.js'

const item = (level: number, id: number, bytes = 10) => ({ level, id, bytes })

t.test('a full queue loses the oldest of the lowest level and keeps the order of the rest', t => {
  const queue = new LevelQueue<ReturnType<typeof item>>({ records: 4, bytes: 1000 })
  const lost = [item(50, 1), item(20, 2), item(30, 3), item(20, 4), item(30, 5), item(60, 6)].flatMap(each =>
    queue.push(each),
  )
  t.same(
    lost.map(({ id }) => id),
    [2, 4],
  )
  t.same(
    queue.peekAll().map(({ id }) => id),
    [1, 3, 5, 6],
  )
  t.same(
    queue.push(item(10, 7)).map(({ id }) => id),
    [7],
    'nothing is lower than the newcomer',
  )
  t.end()
})

t.test('the bound holds in bytes, and counts what is elsewhere', t => {
  let elsewhere = 0
  const queue = new LevelQueue<ReturnType<typeof item>>({ records: 10, bytes: 100 }, () => ({
    records: elsewhere,
    bytes: 0,
  }))
  t.same(queue.push(item(30, 1, 60)), [])
  t.equal(queue.push(item(30, 2, 60)).length, 1)
  elsewhere = 10
  t.equal(queue.push(item(30, 3, 1)).length, 2, 'no place is left')
  t.equal(queue.length, 0)
  t.equal(queue.bytes, 0)
  t.end()
})

t.test('any sequence of push, shift and unshift keeps first in, first out', t => {
  const level = fc.constantFrom(10, 20, 30, 40, 50, 60, 35, 99)
  const step = fc.oneof(
    level.map(each => ({ push: each })),
    fc.constant({ shift: true }),
    fc.integer({ min: 1, max: 5 }).map(back => ({ back })),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), steps => {
      const queue = new LevelQueue<ReturnType<typeof item>>({ records: 1e6, bytes: 1e9 })
      let model: number[] = []
      let taken: ReturnType<typeof item>[] = []
      let id = 0
      for (const each of steps) {
        if ('push' in each) {
          queue.push(item(each.push, ++id))
          model.push(id)
        } else if ('back' in each) {
          const back = taken.slice(-each.back)
          taken = taken.slice(0, -each.back)
          queue.unshift(back)
          model = [...back.map(one => one.id), ...model]
        } else {
          if (queue.peek()?.id !== model[0]) return false
          const head = queue.shift()
          if (head?.id !== model.shift()) return false
          if (head) taken.push(head)
        }
      }
      return queue.length === model.length && queue.peekAll().every((one, index) => one.id === model[index])
    }),
    { numRuns: 2000 },
  )
  t.end()
})
