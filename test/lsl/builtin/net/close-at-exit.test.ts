import t from 'tap'
import { runNode } from '../../../support/child.js'
import { fixture } from '../../../support/project.js'

// With a socket that is still open, node aborts now and then: test/workers/watcher/exits.slow.ts ends a hundred processes.
t.test('before the process ends, threads close their UDP sockets', async t => {
  t.equal((await runNode([fixture('lsl/exit-with-udp.js')])).stdout, 'closed\n')
})
