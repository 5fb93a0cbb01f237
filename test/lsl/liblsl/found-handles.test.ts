import t from 'tap'
import { FoundHandles } from '../../../src/lsl/liblsl/found-handles.js'
import type { Library } from '../../../src/lsl/liblsl/library.js'

function fake() {
  const alive = new Set<bigint>()
  const functions: Record<string, (handle: bigint) => unknown> = {
    lsl_copy_streaminfo: handle => {
      alive.add(handle + 100n)
      return handle + 100n
    },
    lsl_destroy_streaminfo: handle => alive.delete(handle),
  }
  return { alive, found: new FoundHandles({ fn: (name: string) => functions[name] } as unknown as Library) }
}

t.test('a description that was found is taken once, and released', async t => {
  const { alive, found } = fake()
  found.begin()
  found.keep('a', 1n)
  found.keep('a', 1n)
  found.keep('b', 2n)
  t.same([...alive], [101n, 102n], 'one copy of each')
  t.equal(
    found.take('a', handle => {
      t.ok(alive.has(handle), 'it lives while it is used')
      return handle
    }),
    101n,
  )
  t.same([...alive], [102n])
  t.equal(found.take('a', Number), undefined, 'once')
  t.equal(found.take('c', Number), undefined, 'never found')
  found.begin()
  t.equal(alive.size, 0, 'the next search forgets all')
  t.equal(found.take('b', Number), undefined)
})

t.test('what is thrown while a description is used releases it', async t => {
  const { alive, found } = fake()
  found.begin()
  found.keep('a', 1n)
  t.throws(() => found.take('a', (): never => { throw new RangeError('in use') }), RangeError) // prettier-ignore
  t.equal(alive.size, 0)
})
