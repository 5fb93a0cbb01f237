import t from 'tap'
import fc from 'fast-check'
import { Fifo } from '../../src/system/fifo.js'

t.test('what is put in comes out in order, whatever is done in between', async t => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constant('push' as const) },
    { weight: 5, arbitrary: fc.constant('shift' as const) },
    fc.constantFrom('unshift' as const, 'takeAll' as const),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), steps => {
      const fifo = new Fifo<number>()
      let model: number[] = []
      let next = 0
      for (const each of steps) {
        if (each === 'push') {
          model.push(next)
          fifo.push(next++)
        } else if (each === 'unshift') {
          const items = [next++, next++]
          model.unshift(...items)
          fifo.unshift(items)
        } else if (each === 'shift') {
          if (fifo.shift() !== model.shift()) return false
        } else {
          if (JSON.stringify(fifo.takeAll()) !== JSON.stringify(model)) return false
          model = []
        }
        if (fifo.length !== model.length || fifo.peek() !== model[0] || fifo.peekLast() !== model.at(-1)) return false
        if (JSON.stringify([...fifo]) !== JSON.stringify(model)) return false
      }
      return true
    }),
  )
  t.pass('as an array does it')
})

t.test('an item that was handed out can be collected though others still wait', async t => {
  const { setFlagsFromString } = await import('node:v8')
  const { runInNewContext } = await import('node:vm')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const fifo = new Fifo<object>()
  fifo.push({})
  const passed: WeakRef<object>[] = []
  for (let i = 0; i < 1000; i++) {
    const item = { i }
    passed.push(new WeakRef(item))
    fifo.push(item)
    fifo.shift()
  }
  fifo.push({})
  // A reference that was looked at lives until the end of its turn.
  await new Promise(setImmediate)
  collect()
  const kept = passed.filter(ref => ref.deref() !== undefined).length
  t.ok(kept <= 2, `${kept} of 1000 are kept`)
  t.equal(fifo.length, 2)
})
