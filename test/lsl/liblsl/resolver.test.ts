import '../../support/loopback.js'
import t from 'tap'
import type { Library } from '../../../src/lsl/liblsl/library.js'
import { Resolver, resolveHandles } from '../../../src/lsl/liblsl/resolver.js'
import { untilSafeEndS } from '../../../src/lsl/liblsl/search-times.js'

/** A liblsl that gives up no question meanwhile. */
const times = { allAskedS: 0, everyS: 1000, givesUpS: [1000] }

/** A library whose network is a list: each look finds one stream more. Keeps the books on handles. */
function fake(streams: number) {
  const seen = { looks: 0, alive: 0, resolvers: 0, predicate: '' }
  const functions: Record<string, (...args: never[]) => unknown> = {
    lsl_create_continuous_resolver: () => {
      seen.resolvers++
      return 1n
    },
    lsl_create_continuous_resolver_bypred: (predicate: string) => {
      seen.predicate = predicate
      if (predicate.includes('!')) return null
      seen.resolvers++
      return 1n
    },
    lsl_resolver_results: (_resolver: bigint, results: BigUint64Array) => {
      const count = Math.min(streams, ++seen.looks)
      for (let i = 0; i < count; i++) results[i] = BigInt(i + 1)
      seen.alive += count
      return count
    },
    lsl_destroy_streaminfo: () => seen.alive--,
    lsl_destroy_continuous_resolver: () => seen.resolvers--,
  }
  return { seen, library: { fn: (name: string) => functions[name] } as unknown as Library }
}

t.test('it ends as soon as there are enough, and releases every handle of every look', async t => {
  const { seen, library } = fake(10)
  t.same(await resolveHandles(library, "name='x'", { minimum: 3, timeoutS: 60, times }, Number), [1, 2, 3])
  t.match(seen, { looks: 3, alive: 0, resolvers: 0, predicate: "(name='x')" })
})

t.test('at the time limit it ends with what there is', async t => {
  const { seen, library } = fake(2)
  const start = performance.now()
  t.same(await resolveHandles(library, '', { minimum: 5, timeoutS: 0.1, times }, Number), [1, 2])
  t.ok(performance.now() - start >= 95)
  t.match(seen, { alive: 0, resolvers: 0 })
  t.same(
    await resolveHandles(library, '', { minimum: 0, timeoutS: 0, times }, Number),
    [1, 2],
    'with no limit it looks once',
  )
})

t.test('when it is aborted it ends with what there is, though it has no time limit', async t => {
  const { seen, library } = fake(2)
  const controller = new AbortController()
  const found = resolveHandles(
    library,
    '',
    { minimum: 5, timeoutS: Infinity, signal: controller.signal, times },
    Number,
  )
  controller.abort()
  t.same(await found, [1, 2])
  t.match(seen, { alive: 0, resolvers: 0 })
})

t.test('what is thrown while handles are used releases them', async t => {
  const { seen, library } = fake(3)
  const failing = (): never => {
    throw new RangeError('while in use')
  }
  await t.rejects(resolveHandles(library, '', { minimum: 1, timeoutS: 1, times }, failing), RangeError)
  t.match(seen, { alive: 0, resolvers: 0 })
})

t.test('a predicate that the library refuses is an error', async t => {
  const { seen, library } = fake(1)
  await t.rejects(resolveHandles(library, 'a!b', { minimum: 1, timeoutS: 1, times }, Number), {
    code: 'ERR_INVALID_PREDICATE',
    message: /a!b/,
  })
  t.equal(seen.resolvers, 0)
})

t.test('asked to settle it goes on when there are enough, until no more are to be expected', async t => {
  const { seen, library } = fake(3)
  t.same(await resolveHandles(library, '', { minimum: 1, timeoutS: 60, settle: true, times }, Number), [1, 2, 3])
  t.ok(seen.looks > 3)
  const start = performance.now()
  const limits = { minimum: 1, timeoutS: 0.01, settle: true, times: { ...times, allAskedS: 0.1 } }
  t.same(await resolveHandles(fake(1).library, '', limits, Number), [1])
  t.ok(performance.now() - start >= 115, 'not before all were asked, and 20 ms more, whatever the time limit')
  t.match(seen, { alive: 0, resolvers: 0 })
})

t.test('a search is not ended while liblsl may give up a question', t => {
  const plain = { allAskedS: 0, everyS: 1, givesUpS: [3] }
  const wait = (ageS: number, of = plain): number => Math.round(untilSafeEndS(ageS, of) * 1000)
  t.equal(wait(0), 0)
  t.equal(wait(2.97), 0, 'before the first there is nothing to give up')
  t.equal(wait(3), 50)
  t.equal(wait(2.99), 60)
  t.equal(wait(3.04), 10)
  t.equal(wait(3.5), 0)
  t.equal(wait(1000.01), 40)
  const known = { allAskedS: 0.5, everyS: 1.75, givesUpS: [3, 3.06] }
  t.equal(wait(3, known), 110, 'one wait can lead to the next')
  t.equal(wait(4.75, known), 110)
  t.equal(
    wait(0.2, { allAskedS: 0, everyS: 0.01, givesUpS: [0.1] }) < 100,
    true,
    'where there is no gap it ends nevertheless',
  )
  t.end()
})

t.test('a resolver that is closed in such a moment is destroyed after it, once', async t => {
  const { seen, library } = fake(1)
  const resolver = new Resolver(library, '', { forgetAfterS: 5, times: { allAskedS: 0, everyS: 10, givesUpS: [0] } })
  const start = performance.now()
  const closed = resolver.close()
  t.equal(seen.resolvers, 1)
  await closed
  t.equal(seen.resolvers, 0)
  t.ok(performance.now() - start > 40)
  t.same(
    await resolveHandles(library, '', { minimum: 1, timeoutS: 1, times: { ...times, givesUpS: [0] } }, Number),
    [1],
  )
  t.equal(seen.resolvers, 0)
})
