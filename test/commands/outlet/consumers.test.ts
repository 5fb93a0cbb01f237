import t from 'tap'
import { allConsumersLeft, allHaveConsumers } from '../../../src/commands/outlet/consumers.js'

const served = (haveConsumers: boolean): { haveConsumers: boolean } => ({ haveConsumers })
const never = new AbortController().signal

t.test('waiting ends as soon as the last outlet has a consumer', async t => {
  const late = served(false)
  setImmediate(() => (late.haveConsumers = true))
  t.equal(await allHaveConsumers([served(true), late], 60, never), true)
  t.equal(await allConsumersLeft([served(false)], 60, never), true)
})

t.test('waiting ends at its time limit and at an abort, with the truth', async t => {
  t.equal(await allHaveConsumers([served(true), served(false)], 0.01, never), false)
  t.equal(await allConsumersLeft([served(true)], 60, AbortSignal.abort()), false)
})
