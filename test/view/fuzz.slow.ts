import t from 'tap'
import { parseMessage } from '../../src/view/parse-message.js'
import { envelopeFrame, readFrame, samplesFrame, stringsFrame } from '../../src/view/wire/frames.js'
import { seededRandom } from '../support/random.js'

const FRAMES = 1_000_000
const WORDS = ['subscribe', 'envelope', 'samples', 'spectrum', 'credit', 'command', 'stop', 'hold', 'push', 'outlet', 'probe', 'arm'] // prettier-ignore
const PIECES = ['{', '}', '[', ']', '"type":', '"id":', '"items":', '"stream":"s1"', ',', ':', '"', '\\', '\ud800', '1e999', '-1', 'null', 'true', '__proto__', ...WORDS.map(word => `"${word}"`)] // prettier-ignore

t.test(`${FRAMES} binary frames, whole, damaged and made up, are read or refused`, async t => {
  const random = seededRandom(t)
  const below = (n: number): number => Math.floor(n * random())
  const head = { id: 7, channels: 3, count: 4, missed: 0, first: 100 }
  const whole = [
    envelopeFrame(head).buffer,
    samplesFrame(head, 'float32', new Float64Array(4), new Float32Array(12)),
    samplesFrame(head, 'int64', new Float64Array(4), new BigInt64Array(12)),
    stringsFrame(head, new Float64Array(4), [['a'], ['b'], ['c'], ['d']]),
  ].map(buffer => new Uint8Array(buffer))
  let read = 0
  let wrong = 0
  for (let i = 0; i < FRAMES; i++) {
    const source = whole[i % whole.length]!
    const bytes = source.slice(0, random() < 0.3 ? below(source.length + 1) : source.length)
    for (let changes = below(6); changes > 0 && bytes.length > 0; changes--) bytes[below(bytes.length)] = below(256)
    const frame = readFrame(bytes.buffer)
    if (frame === undefined) continue
    read++
    if (frame.kind === 3 ? frame.rows.length !== frame.count : frame.stamps.length < frame.count) wrong++
  }
  t.ok(read > FRAMES / 10 && read < FRAMES, `${read} were frames`)
  t.equal(wrong, 0)
})

t.test(`${FRAMES} messages, damaged and made up, are understood or refused`, async t => {
  const random = seededRandom(t)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(list.length * random())]!
  const good = [
    '{"type":"subscribe","kind":"samples","id":1,"stream":"s1","credits":4}',
    '{"type":"command","id":"a-1","module":"m1","command":"START","kwargs":{"x":[1,{"y":null}]}}',
    '{"type":"push","sourceId":"s","page":"p","items":[[1,2.5,"text"]]}',
    '{"type":"stop","id":"a-2"}',
  ]
  let understood = 0
  for (let i = 0; i < FRAMES; i++) {
    let text = pick(good)
    if (random() < 0.3) text = Array.from({ length: 12 }, () => pick(PIECES)).join('')
    for (let changes = Math.floor(4 * random()); changes > 0; changes--) {
      const at = Math.floor(text.length * random())
      text = text.slice(0, at) + pick(PIECES) + text.slice(at + Math.floor(3 * random()))
    }
    const message = parseMessage(text)
    if (message === undefined) continue
    understood++
    if (typeof message.type !== 'string') t.fail(text)
  }
  t.ok(understood > FRAMES / 10 && understood < FRAMES, `${understood} were messages`)
})
