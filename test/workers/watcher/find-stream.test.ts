import t from 'tap'
import type { Engine, ResolveLimits } from '../../../src/lsl/engine.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { findStream, latecomers } from '../../../src/workers/watcher/find-stream.js'

const signal = new AbortController().signal
const stream = (uid: string, options: object = {}): StreamInfo =>
  new StreamInfo({ name: 'EEG', channelCount: 8, hostname: 'lab', uid, sourceId: `source-${uid}`, ...options })

/** An engine that answers one look after the other. */
function answering(...answers: readonly StreamInfo[][]): { engine: Engine; asked: [string, ResolveLimits][] } {
  const asked: [string, ResolveLimits][] = []
  const resolve = async (predicate: string, limits: ResolveLimits): Promise<StreamInfo[]> => {
    asked.push([predicate, limits])
    return answers[asked.length - 1] ?? []
  }
  return { engine: { resolve } as unknown as Engine, asked }
}

t.test('the one stream there is, by one look that waits for others of its name', async t => {
  const { engine, asked } = answering([stream('1')])
  t.equal((await findStream(engine, { name: 'EEG' }, 7, signal)).uid, '1')
  t.match(asked, [["name='EEG'", { minimum: 1, timeoutS: 7, settle: true }]])
})

t.test('those that answer too late to be an error are found beside the connected one, once', async t => {
  const { engine, asked } = answering([stream('1'), stream('2')])
  const late = await latecomers(engine, { name: 'EEG', type: 'x' }, stream('1'), signal)
  t.same(
    late.map(({ uid }) => uid),
    ['2'],
  )
  t.match(asked, [["name='EEG' and type='x'", { minimum: 0, signal }]])
})

t.test('all that is asked for has to hold, and a predicate beside it is one condition', async t => {
  const { engine, asked } = answering([stream('1')])
  await findStream(engine, { type: 'EEG', sourceId: "it's", predicate: 'a or b' }, 1, signal)
  t.equal(asked[0]?.[0], `type='EEG' and source_id="it's" and (a or b)`)
  const alone = answering([stream('1')])
  await findStream(alone.engine, { predicate: 'a or b' }, 1, signal)
  t.equal(alone.asked[0]?.[0], 'a or b')
})

t.test('two streams are an error that lists them', async t => {
  const { engine } = answering([stream('1'), stream('2')])
  await t.rejects(findStream(engine, { name: 'EEG' }, 1, signal), {
    code: 'ERR_STREAM_AMBIGUOUS',
    message: /2 streams with name='EEG': 'EEG' .*source-1, lab.*; 'EEG' .*source-2, lab.*; say which by sourceId/,
  })
})

t.test('two of one source are looked for once more, as one may just have been killed', async t => {
  const [old, young] = ['1', '2'].map(uid => stream(uid, { sourceId: 'cap' })) as [StreamInfo, StreamInfo]
  const { engine, asked } = answering([old, young], [young])
  t.equal((await findStream(engine, { name: 'EEG' }, 1, signal)).uid, '2')
  t.ok(asked[1]![1].timeoutS <= 1, 'within the time limit of both')
  await t.rejects(findStream(answering([old, young], [old, young]).engine, { name: 'EEG' }, 1, signal), {
    code: 'ERR_STREAM_AMBIGUOUS',
  })
})

t.test('no stream is an error that lists what there is instead, but not all of it', async t => {
  const others = Array.from({ length: 13 }, (_, i) => stream(String(i), { name: `other${i}` }))
  await t.rejects(findStream(answering([], others).engine, { name: 'EEG' }, 0.5, signal), {
    code: 'ERR_STREAM_NOT_FOUND',
    message: /no stream with name='EEG' within 0\.5 s; visible are 'other0' .*'other9' [^;]*; 3 more$/,
  })
  await t.rejects(findStream(answering([], []).engine, { name: 'EEG' }, 1, signal), {
    code: 'ERR_STREAM_NOT_FOUND',
    message: /no stream at all is visible$/,
  })
})

t.test('a search that is ended is ERR_CLOSED, whatever it had found', async t => {
  await t.rejects(findStream(answering([stream('1')]).engine, { name: 'EEG' }, 1, AbortSignal.abort()), {
    code: 'ERR_CLOSED',
  })
})
