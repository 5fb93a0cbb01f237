import t from 'tap'
import { sessionState } from '../../../src/view/words/session-state.js'
import type { Seen } from '../../../src/view/words/session-state.js'

const stream: Seen['streams'][number] = {
  key: 's1', name: 'EEG', state: 'connected', frames: 10, missing: 0, missingRecently: 0, gaps: 0, badges: [],
  channelNames: ['Fp1', 'Fz'], nominalSrate: 1000, ageS: 0.01,
} // prettier-ignore
const module: Seen['modules'][number] = {
  key: 'm1', name: 'stim', address: '127.0.0.1:8080', state: 'up', endedJobs: [], commands: [], silentS: 0,
} // prettier-ignore
const well: Seen = {
  silentMs: 40, heardAt: 1e9, tries: 0, streams: [stream], modules: [module], warnings: 0, errors: 0, wallMinusLsl: 0,
} // prettier-ignore

const word = (change: Partial<Seen>): string => sessionState({ ...well, ...change }).word
const withStream = (change: Partial<typeof stream>): string => word({ streams: [stream, { ...stream, ...change }] })
const withModule = (change: Partial<typeof module>): string => word({ modules: [module, { ...module, ...change }] })

t.test('all is well only when all is', async t => {
  t.match(sessionState(well), { word: 'ALL WELL', title: '1 of 1 stream connected · 1 of 1 module answer' })
})

t.test('a page that has heard nothing for half a second is not live, whatever it knew', async t => {
  t.equal(word({ silentMs: 501 }), 'NOT LIVE')
  t.equal(word({ silentMs: 499 }), 'ALL WELL')
  t.equal(word({ silentMs: Infinity, heardAt: NaN, errors: 3 }), 'NOT LIVE')
  t.match(sessionState({ ...well, silentMs: 4100, tries: 3 }).detail, /reconnecting, try 3/)
})

t.test('what is lost, dead, silent or not stopped is trouble', async t => {
  for (const state of ['lost', 'stalled', 'incompatible', 'failed'] as const)
    t.equal(withStream({ state }), 'TROUBLE', state)
  for (const state of ['silent', 'down'] as const) t.equal(withModule({ state }), 'TROUBLE', state)
  t.equal(withModule({ notConfirmed: { at: 1, mayHaveJob: true } }), 'TROUBLE')
  t.equal(word({ errors: 1 }), 'TROUBLE')
})

t.test('what somebody should look at is told with its reason', async t => {
  t.equal(withStream({ missingRecently: 310 }), 'LOOK')
  t.equal(withStream({ state: 'recovered' }), 'LOOK', 'as its row says')
  t.equal(withStream({ badges: [{ channel: 1, badge: 'FLAT', since: 1 }] }), 'LOOK')
  t.equal(withStream({ state: 'foreign clock' }), 'LOOK')
  t.equal(withModule({ state: 'connecting' }), 'LOOK')
  t.equal(withModule({ notConfirmed: { at: 1, mayHaveJob: false } }), 'LOOK')
  t.equal(word({ warnings: 1 }), 'LOOK')
  t.equal(word({ streams: [] }), 'LOOK')
  t.match(sessionState({ ...well, streams: [{ ...stream, missingRecently: 310 }] }).title, 'EEG: 0.31 s missing')
})

t.test('trouble hides nothing that is worse, and the worst comes first', async t => {
  const both = sessionState({ ...well, warnings: 2, streams: [{ ...stream, state: 'lost', ageS: 1.2 }] })
  t.match(both, { word: 'TROUBLE', title: 'EEG lost 1.2 s ago', detail: '2 warnings in the log' })
})
