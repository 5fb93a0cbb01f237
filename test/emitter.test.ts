import { on, once } from 'node:events'
import t from 'tap'
import { LogRecordSocketReceiver, ModuleClient, StreamWatcher } from '../src/index.js'
import { XdfRecorder } from '../src/xdf.js'

const EMITTERS = {
  StreamWatcher: [new StreamWatcher({ name: 'EEG' }), 'lost'],
  XdfRecorder: [new XdfRecorder({ file: 'never.xdf' }), 'added'],
  ModuleClient: [new ModuleClient({ port: 9 }), 'up'],
  LogRecordSocketReceiver: [new LogRecordSocketReceiver({ logfile: null }), 'listening'],
} as const

for (const [name, [emitter, event]] of Object.entries(EMITTERS)) {
  // What follows holds for all of them; TypeScript sees four kinds of events.
  const any = emitter as StreamWatcher

  t.test(`once() and on() of node:events hear a ${name}`, async t => {
    const detail = { reason: 'its outlet is gone' }
    const next = once(any, event)
    any.emit(event as 'lost', detail)
    t.same(await next, [detail])
    t.equal(any.listenerCount(event), 0)

    const ended = new AbortController()
    const heard: unknown[] = []
    const hearing = (async () => {
      for await (const args of on(any, event, { signal: ended.signal })) {
        heard.push(args)
        if (heard.length === 2) ended.abort()
      }
    })()
    for (let i = 0; i < 2; i++) any.emit(event as 'lost', detail)
    await t.rejects(hearing, { name: 'AbortError' })
    t.same(heard, [[detail], [detail]])
    t.equal(any.listenerCount(event), 0)
    await t.rejects(once(any, event, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  })

  t.test(`a listener of an event that a ${name} does not have is refused`, async t => {
    const nothing = (): void => undefined
    for (const add of ['on', 'once', 'addListener'] as const) {
      t.throws(() => any[add]('loss' as 'lost', nothing), { name: 'RangeError', message: /^event must be one of '/ })
      t.throws(() => any[add](5 as never, nothing), TypeError)
      t.throws(() => any[add](event as 'lost', undefined as never), TypeError)
    }
    await t.rejects(once(any, 'loss'), RangeError)
    let calls = 0
    const count = (): number => calls++
    any.once(event as 'lost', count).on(event as 'lost', count)
    const emit = (): boolean => any.emit(event as 'lost', { reason: '' })
    emit()
    emit()
    any.off(event as 'lost', count)
    emit()
    t.equal(calls, 3)
  })
}
