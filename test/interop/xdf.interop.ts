import t from 'tap'
import { readXdf } from '../../src/xdf/read-xdf.js'
import { AS_RECORDED } from '../../src/xdf/stamps/stamp-correction.js'
import { runPython, withoutPython } from '../support/interop/python.js'
import { recording } from '../support/xdf/recordings.js'

const NS = 1e-9

interface PyxdfStream {
  id: number
  name: string
  times: string
  values: string | string[][]
  clockOffsets: [number, number][]
}

for (const name of ['clock_resets.xdf', 'empty_streams.xdf', 'minimal.xdf'] as const) {
  const { file, skip } = recording(name)
  t.test(`${name} reads bit for bit as pyxdf reads it`, { skip: withoutPython || skip }, async t => {
    const theirs = JSON.parse(await runPython('xdf_dump.py', file)) as PyxdfStream[]
    const ours = await readXdf(file, AS_RECORDED)
    const byId = (a: { id: number }, b: { id: number }): number => a.id - b.id
    t.ok(theirs.length > 0)
    t.same(
      ours.sort(byId).map(({ id, name, times, samples, clockOffsets }) => ({
        id,
        name,
        times: Buffer.from(times.buffer).toString('base64'),
        values: Array.isArray(samples) ? samples : Buffer.from(samples.buffer).toString('base64'),
        clockOffsets: clockOffsets.map(({ time, offset }) => [time, offset]),
      })),
      theirs.sort(byId),
    )
  })

  t.test(
    `${name} has the exact corrected stamps, within a nanosecond, and those of pyxdf`,
    { skip: withoutPython || skip },
    async t => {
      const theirs = JSON.parse(await runPython('xdf_exact.py', file)) as { id: number; exact: string; pyxdf: string }[]
      const ours = await readXdf(file)
      for (const { id, exact, pyxdf } of theirs) {
        const got = ours.find(stream => stream.id === id)?.times ?? new Float64Array(0)
        t.equal(got.length, stampsOf(exact).length)
        const [error, errorOfPyxdf] = [farthest(got, stampsOf(exact)), farthest(stampsOf(pyxdf), stampsOf(exact))]
        t.comment(`stream ${id} is at most ${error} s from the exact stamps, pyxdf ${errorOfPyxdf} s`)
        t.ok(error < NS, `stream ${id} is ${error} s from the exact stamps`)
        // On clocks of 650,000 s the sums of pyxdf lose digits: it is 5 to 18 ns from the exact stamps, by processor.
        t.ok(farthest(got, stampsOf(pyxdf)) < NS + errorOfPyxdf, `stream ${id}`)
      }
    },
  )
}

function stampsOf(base64: string): Float64Array {
  return new Float64Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer)
}

/** The largest difference of two lists of stamps, seconds. */
function farthest(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, time, i) => Math.max(most, Math.abs(time - (b[i] ?? NaN))), 0)
}
