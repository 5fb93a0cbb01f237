import t from 'tap'
import { HEAD_ACCESS, WRITER_STEPS, readCount } from '../../src/ring/protocol.js'
import { FRAMES } from '../../src/ring/ring-layout.js'
import { explore } from './explorer.js'
import type { Protocol } from './explorer.js'

t.test('no interleaving lets a reader accept a window that is not whole', async t => {
  const outcome = explore()
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

for (const [what, damage, changes] of BROKEN) {
  t.test(`the explorer finds damage if ${what}`, async t => {
    const outcome = explore(changes)
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
