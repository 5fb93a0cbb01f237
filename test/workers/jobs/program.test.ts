import t from 'tap'
import { mergedEnvironment } from '../../../src/workers/jobs/program.js'

t.test('what is added to the environment replaces what is there, on Windows in any case', t => {
  t.same(mergedEnvironment({ Path: 'a', X: '1' }, { PATH: 'b' }, false), { Path: 'a', PATH: 'b', X: '1' })
  t.same(mergedEnvironment({ Path: 'a', X: '1' }, { PATH: 'b' }, true), { PATH: 'b', X: '1' })
  t.end()
})
