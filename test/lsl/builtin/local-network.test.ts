import '../../support/loopback.js'
import { Socket } from 'node:dgram'
import t from 'tap'
import type { Test } from 'tap'
import { loadConfig } from '../../../src/lsl/builtin/config/load-config.js'
import { QuerySockets } from '../../../src/lsl/builtin/discovery/query-sockets.js'

type Sent = (error: Error | null) => void

/** Sends nothing: `refuses` says which address the system does not let through. */
function intercepted(t: Test, refuses: (address: string) => boolean): void {
  const error = Object.assign(new Error('send EHOSTUNREACH'), { code: 'EHOSTUNREACH' })
  const send = (_text: string, _port: number, address: string, sent: Sent): void =>
    queueMicrotask(() => sent(refuses(address) ? error : null))
  t.intercept(Socket.prototype, 'send', { value: send })
}

/** The warnings of one wave of queries. */
async function warningsOf(t: Test): Promise<string[]> {
  const warnings: string[] = []
  t.intercept(process, 'emitWarning', { value: (text: string) => warnings.push(text) })
  const config = { ...loadConfig().config, addresses: ['127.0.0.1', '255.255.255.255', '239.255.172.215'] }
  const sockets = new QuerySockets(config, () => undefined)
  await sockets.wave(() => 'LSL:shortinfo')
  sockets.close()
  return warnings
}

const local = (address: string): boolean => address === '127.0.0.1' || address === '::1'

t.test('where macOS lets no query out that is said, and how to allow it', async t => {
  t.intercept(process, 'platform', { value: 'linux' })
  intercepted(t, address => !local(address))
  t.same(await warningsOf(t), [], 'elsewhere there is no network, which is no secret')
  t.intercept(process, 'platform', { value: 'darwin' })
  intercepted(t, address => address === '239.255.172.215')
  t.same(await warningsOf(t), [], 'an interface without multicast')
  intercepted(t, address => !local(address))
  const [warning, ...more] = await warningsOf(t)
  t.match(warning, /^macOS lets no query of LSL leave this machine: .*Privacy & Security > Local Network$/)
  t.same(more, [])
  t.same(await warningsOf(t), [], 'once')
})
