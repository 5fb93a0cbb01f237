import t from 'tap'
import koffi from 'koffi'
import { addressOf, ErrorCell } from '../../../src/lsl/liblsl/error-cell.js'

/** Writes as a C function does: through the address. */
function report(cell: ErrorCell, code: number): void {
  new Int32Array(koffi.view(BigInt(cell.address), Int32Array.BYTES_PER_ELEMENT))[0] = code
}

t.test('no error and a time-out are no errors to throw', async t => {
  const cell = new ErrorCell()
  cell.check("'A'")
  t.equal(cell.timedOut, false)
  report(cell, -1)
  cell.check("'A'")
  t.equal(cell.timedOut, true)
  cell.clear()
  t.equal(cell.timedOut, false)
})

t.test('a lost stream has a code of its own, all else says its number', async t => {
  const cell = new ErrorCell()
  report(cell, -2)
  t.throws(() => cell.check("'A'"), { code: 'ERR_STREAM_LOST', message: "stream 'A' was lost" })
  report(cell, -3)
  t.throws(() => cell.check("'A'"), { code: 'ERR_LIBLSL', message: /error -3 on stream 'A'/ })
})

t.test('two cells do not share their memory', async t => {
  t.not(new ErrorCell().address, new ErrorCell().address)
})

t.test('the address of a part of shared memory is that of its first value', async t => {
  const slab = new Float64Array(new SharedArrayBuffer(64))
  t.equal(addressOf(slab.subarray(3)) - addressOf(slab), 24)
})
