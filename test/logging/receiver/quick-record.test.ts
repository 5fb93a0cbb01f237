import fc from 'fast-check'
import t from 'tap'
import { pythonRecord } from '../../../src/logging/sender/pino-record.js'
import { quickRecord } from '../../../src/logging/receiver/quick-record.js'
import { receiveRecord } from '../../../src/logging/receiver/received-record.js'
import { recordBody } from '../../../src/logging/wire/record-body.js'
import { recordLine } from '../../../src/logging/wire/record-line.js'
import { safeParts } from '../../../src/logging/wire/safe-parts.js'

const origin = (name: string) => ({
  name,
  pinoLevel: 30,
  created: 1795325581.8981,
  thread: 0,
  threadName: 'MainThread',
})
const body = (name: string, msg: string, fields: object, numbered: boolean): Buffer =>
  Buffer.from(
    recordBody(pythonRecord(JSON.stringify({ ...fields, msg }), origin(name)), numbered ? ['me 0', 7] : undefined),
  )

/** What the long way makes of a body. */
function slowly(bytes: Buffer): { line: string; levelno: number; delivery: unknown } | undefined {
  const received = receiveRecord(bytes)
  if ('reason' in received) return undefined
  const { record, delivery } = received
  return { line: recordLine(safeParts(record, record.message)), levelno: record.levelno, delivery }
}

function agrees(bytes: Buffer): boolean {
  const quick = quickRecord(bytes)
  if (!quick) return true
  const slow = slowly(bytes)
  const { parts, levelno, delivery } = quick
  return slow !== undefined && JSON.stringify({ line: recordLine(parts), levelno, delivery }) === JSON.stringify(slow)
}

const PYTHON =
  '{"name":"bench","msg":"a\\/b 100% done","args":[],"levelname":"INFO","levelno":20,"pathname":"\\/x\\/y.py","filename":"y.py",' +
  '"module":"y","exc_info":null,"exc_text":null,"stack_info":null,"lineno":4,"funcName":"f","created":1795325581.898123,' +
  '"msecs":898.0,"relativeCreated":5123.4,"thread":140234567890123,"threadName":"MainThread","processName":"MainProcess","process":4}'

t.test('the usual records of Python and of ours take the quick way', t => {
  t.equal(quickRecord(Buffer.from(PYTHON))?.parts.text, 'a/b 100% done')
  t.same(quickRecord(body('mod', '%s and %d', {}, true))?.delivery, ['me 0', 7])
  t.equal(quickRecord(body('mod', '%s and %d', {}, true))?.parts.text, '%s and %d')
  t.equal(quickRecord(Buffer.from(PYTHON.replace('"process":4}', '"process":4,"taskName":null}')))?.levelno, 20)
  t.end()
})

t.test('all others take the long way', t => {
  const others = [
    body('mod', 'text', { extra: 1 }, false),
    body('mod', 'two\nlines', {}, false),
    body('mod', 'é', {}, false),
    Buffer.from(PYTHON.replace('[]', '[1]')),
    Buffer.from(PYTHON.replace('"exc_text":null', '"exc_text":"T"')),
    Buffer.from(PYTHON.replace('"process":4}', '"process":4')),
    Buffer.from(`${PYTHON} `),
  ]
  t.same(others.map(quickRecord), new Array(others.length).fill(undefined))
  t.end()
})

t.test('the quick way and the long way agree on every record and every mutation of one', t => {
  const name = fc.string({ maxLength: 12 })
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('%s', '%% %s', '\\', '"', '\x7f'))
  fc.assert(
    fc.property(name, text, fc.boolean(), (who, msg, numbered) => agrees(body(who, msg, {}, numbered))),
    { numRuns: 1000 },
  )
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 3 }))
  fc.assert(
    fc.property(
      fc.constantFrom(PYTHON, body('mod', '%s', {}, true).toString()),
      change,
      (whole, [place, byte, cut]) => {
        const at = place % whole.length
        const bytes = Buffer.from(whole)
        return agrees(Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + cut)]))
      },
    ),
    { numRuns: 4000 },
  )
  t.end()
})
