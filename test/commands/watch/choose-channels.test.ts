import t from 'tap'
import { chooseChannels } from '../../../src/commands/watch/choose-channels.js'

t.test('channels are named by number, range and label, each once, in the order given', async t => {
  const labels = ['Fp1', 'Fp2', '7', 'Cz', 'Oz']
  t.same(chooseChannels(undefined, labels), [0, 1, 2, 3, 4])
  t.same(chooseChannels('cz, 1-2,2', labels), [3, 0, 1])
  t.same(chooseChannels('7', labels), [2], 'a label goes before a number')
})

t.test('what is no channel is refused by name', async t => {
  const labels = ['Fp1', 'Fp2']
  for (const list of ['3', '0', '2-1', 'Cz', '1-', '']) t.throws(() => chooseChannels(list, labels), RangeError, list)
  t.throws(
    () => chooseChannels('Cz', labels),
    new RangeError("--channels: 'Cz' is no channel of this stream, which has 2: Fp1, Fp2"),
  )
})
