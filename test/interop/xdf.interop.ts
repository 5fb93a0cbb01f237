import t from 'tap'
import { readXdf } from '../../src/xdf/read-xdf.js'
import { runPython, withoutPython } from '../support/python.js'
import { recording } from '../support/recordings.js'

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
    const ours = await readXdf(file)
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
}
