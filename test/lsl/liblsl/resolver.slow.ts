import '../../support/loopback.js'
import t from 'tap'
import { runNode } from '../../support/child.js'
import { fixture } from '../../support/project.js'
import { OLD_LIBRARY, needsOldLiblsl } from '../../support/lsl/libraries.js'

t.test('searches that end when liblsl gives up a question leave the process alive', needsOldLiblsl(), async t => {
  const { stdout } = await runNode([fixture('lsl/end-searches.js'), OLD_LIBRARY, '20'])
  const ended = Number(/ended (\d+)/.exec(stdout)?.[1])
  t.comment(`${ended} searches ended`)
  t.ok(ended > 100)
})
