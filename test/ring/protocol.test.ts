import t from 'tap'
import { HEAD_ACCESS, WRITER_STEPS, readCount } from '../../src/ring/protocol.js'
import { FRAMES } from '../../src/ring/ring-layout.js'
import { explore } from '../support/ring/explorer.js'
import type { Protocol } from '../support/ring/explored-state.js'

t.test('no interleaving lets a reader accept a window that is not whole', async t => {
  const outcome = explore()
  t.comment(JSON.stringify(outcome))
  t.equal(outcome.bad, 0)
  t.equal(outcome.misread, 0)
  t.ok(outcome.accepted > 100)
  t.ok(outcome.rejected > 100)
})

t.test('nor where a read-modify-write is a load and a store, which later writes may pass, as on ARMv8.0', async t => {
  const outcome = explore({ atomics: 'exclusive' })
  t.comment(JSON.stringify(outcome))
  t.equal(outcome.bad, 0)
  t.equal(outcome.misread, 0)
  t.ok(outcome.accepted > 100)
  t.ok(outcome.rejected > 100)
})

/** The writer's steps with `step` moved to just before `before`. */
function moved(step: (typeof WRITER_STEPS)[number], before: (typeof WRITER_STEPS)[number]) {
  const rest = WRITER_STEPS.filter(other => other !== step)
  return rest.toSpliced(rest.indexOf(before), 0, step)
}

const BROKEN: readonly (readonly [string, 'bad' | 'misread', Partial<Protocol>])[] = [
  ['no slack is left for the chunk under way', 'bad', { slack: 0 }],
  ['the chunk is published before it is written', 'bad', { writer: moved('publish', 'data') }],
  ['the chunk is published before it is mirrored', 'bad', { writer: moved('publish', 'mirror') }],
  ['the chunk is not mirrored', 'bad', { writer: WRITER_STEPS.filter(step => step !== 'mirror') }],
  ['publication is a store, which later writes may pass', 'bad', { access: { ...HEAD_ACCESS, publish: 'store' } }],
  ['validation is a load, which earlier reads may pass', 'bad', { access: { ...HEAD_ACCESS, validate: 'load' } }],
  ['the window is validated before it is read', 'bad', { reader: ['observe', 'validate', 'read'] }],
  ['the window is not validated', 'bad', { reader: ['observe', 'read'] }],
  ['a lap is announced after the head has wrapped', 'misread', { writer: moved('announceLap', 'confirmLap') }],
  ['a lap is confirmed before the head has wrapped', 'misread', { writer: moved('confirmLap', 'publish') }],
  ['the laps are loaded in the wrong order', 'misread', { counterReads: ['lapsBefore', 'head', 'lapsAfter'] }],
]

/** Where a read-modify-write is a load and a store. */
const BROKEN_IN_PARTS: typeof BROKEN = [
  ['a store of another comes between load and store of a read-modify-write', 'bad', { atomics: 'interrupted' }],
  [
    'publication is a store, where a read-modify-write is a load and a store',
    'bad',
    { atomics: 'exclusive', access: { ...HEAD_ACCESS, publish: 'store' } },
  ],
  [
    'validation is a load, where a read-modify-write is a load and a store',
    'bad',
    { atomics: 'exclusive', access: { ...HEAD_ACCESS, validate: 'load' } },
  ],
]

for (const [what, damage, changes] of [...BROKEN, ...BROKEN_IN_PARTS]) {
  t.test(`the explorer finds damage if ${what}`, async t => {
    const outcome = explore(changes, damage)
    t.comment(JSON.stringify(outcome))
    t.ok(outcome[damage] > 0)
  })
}

t.test('a writer that died while its head wrapped leaves a count that can be read', async t => {
  const words = new Int32Array(new SharedArrayBuffer(1024))
  const modulus = 1000
  words[FRAMES.lapsAfter] = 7
  words[FRAMES.lapsBefore] = 8
  words[FRAMES.head] = 998
  t.equal(readCount(words, FRAMES, modulus, 'load'), 7998, 'before the head had wrapped')
  words[FRAMES.head] = 1
  t.equal(readCount(words, FRAMES, modulus, 'rmw'), 8001, 'after')
})

/** Ways to end with the reader asleep though a frame was published, over all interleavings of one chunk and one wait. */
function lostWakeUps(writerSteps: readonly string[], readerSteps: readonly ('count' | 'look' | 'sleep')[]): number {
  const writer = writerSteps.flatMap(step =>
    step === 'wake' ? ['loadWaiters', 'notify'] : step === 'publish' ? [step] : [],
  )
  let lost = 0
  const go = (
    w: number,
    r: number,
    head: number,
    waiters: number,
    loaded: number,
    seen: number,
    asleep: boolean,
  ): void => {
    if (w === writer.length && (r === readerSteps.length || asleep)) lost += asleep ? 1 : 0
    const access = writer[w]
    if (access === 'publish') go(w + 1, r, 1, waiters, loaded, seen, asleep)
    if (access === 'loadWaiters') go(w + 1, r, head, waiters, waiters, seen, asleep)
    if (access === 'notify') go(w + 1, r, head, waiters, loaded, seen, loaded > 0 ? false : asleep)
    if (asleep) return
    const step = readerSteps[r]
    if (step === 'count') go(w, r + 1, head, waiters + 1, loaded, seen, false)
    // Looking finds the frame, and there is no need to sleep, or remembers the head.
    if (step === 'look') go(w, head === 1 ? readerSteps.length : r + 1, head, waiters, loaded, head, false)
    // Atomics.wait sleeps only if the head is still what was seen, in one indivisible access.
    if (step === 'sleep') go(w, r + 1, head, waiters, loaded, seen, head === seen)
  }
  go(0, 0, 0, 0, 0, 0, false)
  return lost
}

t.test('no interleaving loses a wake-up, whether the reader counts itself before it looks or after', async t => {
  t.equal(lostWakeUps(WRITER_STEPS, ['count', 'look', 'sleep']), 0, 'wait')
  t.equal(lostWakeUps(WRITER_STEPS, ['look', 'count', 'sleep']), 0, 'waitAsync')
  t.ok(lostWakeUps(moved('wake', 'publish'), ['count', 'look', 'sleep']) > 0, 'wake before publication')
  t.ok(lostWakeUps(WRITER_STEPS, ['look', 'sleep', 'count']) > 0, 'asleep before counted')
})
