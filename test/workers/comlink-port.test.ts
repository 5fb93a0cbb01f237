import { MessageChannel } from 'node:worker_threads'
import { expose, wrap } from 'comlink'
import t from 'tap'
import type { Test } from 'tap'
import { DareplaneError } from '../../src/errors.js'
import { comlinkPort } from '../../src/workers/comlink-port.js'

const api = {
  add: (a: number, b: number): number => a + b,
  fail(): void {
    throw new DareplaneError('ERR_STREAM_NOT_FOUND', 'no such stream')
  },
  async failLater(): Promise<void> {
    throw new RangeError('bufferSizeS must be above 0')
  },
  refuse(): void {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what others may throw has to cross too
    throw 'just a string'
  },
}

function connect(t: Test) {
  const { port1, port2 } = new MessageChannel()
  t.teardown(() => port1.close())
  expose(api, comlinkPort(port1))
  return wrap<typeof api>(comlinkPort(port2))
}

t.test('a call crosses and its answer comes back', async t => {
  const remote = connect(t)
  t.equal(await remote.add(2, 3), 5)
  t.same(await Promise.all([remote.add(1, 1), remote.add(2, 2), remote.add(3, 3)]), [2, 4, 6])
})

t.test('an error keeps its code, name, message and where it was thrown', async t => {
  const remote = connect(t)
  const error: unknown = await remote.fail().catch((error: unknown) => error)
  t.match(error, { code: 'ERR_STREAM_NOT_FOUND', name: 'DareplaneError', message: 'no such stream' })
  t.ok(error instanceof Error)
  t.match((error as Error).stack, /comlink-port\.test/)
})

t.test('an error without a code has none, and what is no error crosses as it is', async t => {
  const remote = connect(t)
  const error: unknown = await remote.failLater().catch((error: unknown) => error)
  t.match(error, { name: 'RangeError', message: 'bufferSizeS must be above 0' })
  t.notOk('code' in (error as object))
  t.equal(await remote.refuse().catch((error: unknown) => error), 'just a string')
})

t.test("messages that are not comlink's pass by", async t => {
  const { port1, port2 } = new MessageChannel()
  t.teardown(() => port1.close())
  expose(api, comlinkPort(port1))
  const remote = wrap<typeof api>(comlinkPort(port2))
  port1.postMessage({ event: 'stalled', detail: {} })
  port2.postMessage(null)
  t.equal(await remote.add(20, 22), 42)
})
