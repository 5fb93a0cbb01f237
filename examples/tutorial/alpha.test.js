import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runJob } from 'dareplane-utils/testing'
import alpha from './alpha.job.js'

test('alpha power above the level is told once', async () => {
  const rateHz = 250
  // Four seconds, the third of them with a wave of 10 Hz and 10 microvolts: its power is 50.
  const data = Float32Array.from({ length: 4 * rateHz }, (_, i) =>
    Math.floor(i / rateHz) === 2 ? 10 * Math.sin((2 * Math.PI * 10 * i) / rateHz) : 0,
  )
  const config = { channel: 0, level: 25 }
  const { outlets } = await runJob(alpha, { signal: { data, channels: 1, rateHz }, config })
  assert.deepEqual(
    outlets.markers.map(({ data }) => data),
    [['alpha']],
  )
  // The first sample has the time 1000 s. The wave begins 2 s later, and the average follows it within half a second.
  const [time] = outlets.markers[0].times
  assert.ok(time > 1002 && time < 1002.5)
})
