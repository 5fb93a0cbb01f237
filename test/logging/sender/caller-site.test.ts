import t from 'tap'
import { callerSiteFields } from '../../../src/logging/sender/caller-site.js'
import { SITE_KEY } from '../../../src/logging/sender/pino-record.js'

t.test('the call that logs is found by file, line and function', t => {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
  const limit = Error.stackTraceLimit
  function caller() {
    return callerSiteFields()
  }
  const site = caller()[SITE_KEY]
  t.match(site?.[0], /caller-site\.test\.js$/)
  t.ok((site?.[1] ?? 0) > 0)
  t.equal(site?.[2], 'caller')
  t.equal(Error.stackTraceLimit, limit)
  t.same(Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace'), before, 'what others had set is back')
  t.end()
})
