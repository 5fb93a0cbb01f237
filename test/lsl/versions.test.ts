import t from 'tap'
import { libraryVersion, protocolVersion } from '../../src/index.js'

t.test('versions are told as pylsl tells them, and an engine that is unknown is refused', t => {
  t.equal(protocolVersion(), 110)
  t.equal(libraryVersion({ engine: 'builtin' }), 'protocol 110')
  t.throws(() => libraryVersion({ engin: 'builtin' } as never), { message: /engine/ })
  t.end()
})
