import t from 'tap'
import { seededRandom } from '../../../src/commands/outlet/random.js'

t.test('numbers are the same for the same seed, in [0, 1) and spread evenly', async t => {
  const draw = (seed: number): number[] => Array.from({ length: 10_000 }, seededRandom(seed))
  const numbers = draw(42)
  t.equal(draw(42).join(), numbers.join())
  t.not(draw(43).join(), numbers.join())
  t.ok(numbers.every(x => x >= 0 && x < 1))
  const tenths = Array.from({ length: 10 }, (_, i) => numbers.filter(x => Math.floor(x * 10) === i).length)
  t.ok(
    tenths.every(count => count > 850 && count < 1150),
    tenths.join(' '),
  )
})
