import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { dareplane } from '../support/dareplane.js'
import { recording } from '../support/xdf/recordings.js'
import * as xdf from '../support/xdf/xdf-file.js'

const float = (value: number): Buffer => Buffer.from(Float32Array.of(value).buffer)
const cut = Buffer.concat([
  xdf.fileHeader(),
  xdf.streamHeader(1, { name: 'A, "b"', rate: 0 }),
  xdf.samples(1, [
    { time: 1, values: float(0.5) },
    { time: 2, values: float(NaN) },
  ]),
  xdf.clockOffset(1, 1, 0.25),
])

t.test('info shows the streams of a recording', { skip: recording('clock_resets.xdf').skip }, async t => {
  const { code, stdout } = await dareplane('xdf', 'info', recording('clock_resets.xdf').file)
  t.equal(code, 0)
  t.match(stdout, /BioSemi +EEG +8 +float32 +100 Hz .* 27815 /)
  t.match(stdout, /MyMarkerStream +Markers +1 +string +irregular .* 175 /)
})

t.test('check tells a cut recording from a whole one, repair ends it, and touches nothing that is there', async t => {
  const folder = t.testdir()
  const file = join(folder, 'run.xdf')
  writeFileSync(file, cut)
  t.match(await dareplane('xdf', 'check', file), { code: 1, stdout: /has no footer/ })
  t.match(await dareplane('xdf', 'repair', file), { code: 0, stdout: /2 samples, its end was missing\nwritten to .*run_repaired\.xdf/ }) // prettier-ignore
  t.match(await dareplane('xdf', 'check', join(folder, 'run_repaired.xdf')), { code: 0, stdout: /is whole/ })
  t.match(await dareplane('xdf', 'repair', file), { code: 1, stderr: /run_repaired\.xdf is there already/ })
  t.ok(readFileSync(file).equals(cut))
})

t.test('csv writes a file for each stream, with stamps first', async t => {
  const folder = t.testdir()
  writeFileSync(join(folder, 'run.xdf'), cut)
  const { code, stdout } = await dareplane('xdf', 'csv', join(folder, 'run.xdf'), '--raw')
  t.equal(code, 0)
  t.match(stdout, /run_A-b-\.csv: 2 samples/)
  t.equal(readFileSync(join(folder, 'run_A-b-.csv'), 'utf8'), 'time,ch_1\n1,0.5\n2,NaN\n')
})

t.test('csv gives streams of one name, of other case or of a very long name files of their own', async t => {
  const folder = t.testdir()
  const names = ['EEG', 'eeg', 'EEG', 'x'.repeat(300)]
  const streams = names.map((name, i) => xdf.streamHeader(i + 1, { name, rate: 0 }))
  writeFileSync(join(folder, 'run.xdf'), Buffer.concat([xdf.fileHeader(), ...streams]))
  const { code, stdout } = await dareplane('xdf', 'csv', join(folder, 'run.xdf'))
  t.equal(code, 0)
  t.match(stdout, /run_EEG\.csv.*run_eeg-2\.csv.*run_EEG-3\.csv.*run_x{50}\.csv/s)
})

t.test('what is no recording is one line', async t => {
  const file = join(t.testdir({ x: 'GIF89a' }), 'x')
  for (const what of ['info', 'check', 'repair', 'csv']) {
    const { code, stderr } = await dareplane('xdf', what, file)
    t.equal(code, 1)
    t.match(stderr, /^dareplane: .*x is not an XDF recording: it does not begin with 'XDF:'\n$/)
  }
})
