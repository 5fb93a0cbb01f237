import '../support/loopback.js'
import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import { getStreamNames, predicateOf, resolveByPred, resolveByProp, resolveStreams } from '../../src/lsl/resolve.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { xpathLiteral } from '../../src/lsl/xpath-literal.js'
import { wheelLibrary } from '../support/lsl/libraries.js'

t.test('a literal of XPath takes the quote that the value has not, and joins parts where it has both', async t => {
  t.equal(xpathLiteral('plain'), "'plain'")
  t.equal(xpathLiteral('"said"'), `'"said"'`)
  t.equal(xpathLiteral("it's"), `"it's"`)
  t.equal(xpathLiteral(`it's "both"`), `concat('it', "'", 's "both"')`)
  t.equal(xpathLiteral(''), "''")
})

t.test('a stream is found by values with any quotes in them', async t => {
  for (const value of ["it's", '"said"', `it's "both" '' ""`, '<&> or 1=1']) {
    const sourceId = uniqueName(value)
    await using outlet = new StreamOutlet(new StreamInfo({ name: 'Quotes', channelCount: 1, sourceId }))
    const found = await resolveByProp('source_id', sourceId)
    t.same(
      found.map(({ uid }) => uid),
      [outlet.info.uid],
      value,
    )
  }
})

t.test('a predicate asks for all properties that are given', async t => {
  t.equal(predicateOf({}), '')
  t.equal(predicateOf({ name: undefined, type: 'EEG' }), "type='EEG'")
  t.equal(predicateOf({ name: "it's", source_id: '' }), `name="it's" and source_id=''`)
})

t.test('a property is an element of the description, not a piece of XPath', async t => {
  for (const property of ['', 'name or 1', "name='x' or name", '/name', 'a//b', 'name/']) {
    await t.rejects(resolveByProp(property, 'x'), { name: 'TypeError', message: /^property .*/ }, property)
  }
  t.same(await resolveByProp('desc/manufacturer', uniqueName('nobody'), { timeoutS: 0.1 }), [])
})

const current = wheelLibrary()
const skip =
  current === undefined && 'liblsl 1.10 takes any predicate, and there is no newer one (npm run test:interop)'
t.test('what is no XPath is an error of its own', { skip }, async t => {
  await t.rejects(resolveByPred("name='", { library: current! }), { code: 'ERR_INVALID_PREDICATE', message: /name='/ })
})

t.test('a predicate with an or does not escape from what is asked beside it', async t => {
  const name = uniqueName('or')
  await using _outlet = new StreamOutlet(new StreamInfo({ name, channelCount: 1 }))
  t.same(await resolveByPred(`name='x' or name='y'`, { timeoutS: 0.2 }), [])
  t.equal((await resolveByPred(`name='x' or name='${name}'`)).length, 1)
})

t.test('impossible limits are refused before anything is asked', async t => {
  await t.rejects(resolveStreams(-1), { name: 'RangeError', message: /^timeoutS .*-1/ })
  await t.rejects(resolveByPred('', { timeoutS: NaN }), { name: 'RangeError', message: /^timeoutS .*NaN/ })
  await t.rejects(resolveByPred('', { minimum: -1 }), { name: 'RangeError', message: /^minimum .*-1/ })
  await t.rejects(resolveByPred('', { minimum: 0.5 }), { name: 'RangeError', message: /^minimum .*0\.5/ })
})

t.test('the limits are kept: what there is at the time limit, as soon as there are enough before it', async t => {
  const name = uniqueName('limits')
  await using _outlet = new StreamOutlet(new StreamInfo({ name, channelCount: 1 }))
  const took = async (minimum: number, timeoutS: number): Promise<[number, number]> => {
    const start = performance.now()
    const found = await resolveByProp('name', name, { minimum, timeoutS })
    return [found.length, performance.now() - start]
  }
  const [early, earlyMs] = await took(1, 30)
  t.equal(early, 1)
  t.ok(earlyMs < 15_000, `one was enough after ${earlyMs} ms`)
  const [late, lateMs] = await took(2, 0.5)
  t.equal(late, 1)
  t.ok(lateMs >= 495 && lateMs < 5000, `a second one was awaited ${lateMs} ms`)
})

t.test('names are listed sorted, each once', async t => {
  const name = uniqueName('same')
  const outlets = ['1', '2'].map(sourceId => new StreamOutlet(new StreamInfo({ name, channelCount: 1, sourceId })))
  t.teardown(() => Promise.all(outlets.map(outlet => outlet.close())))
  t.equal((await resolveByProp('name', name, { minimum: 2 })).length, 2)
  const names = await getStreamNames({ timeoutS: 0.5 })
  t.equal(names.filter(other => other === name).length, 1)
  t.same(names, [...names].sort())
})
