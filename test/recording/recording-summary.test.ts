import t from 'tap'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import type { RecordedStreamStats } from '../../src/recording/recorded-stream.js'
import { summaryOf } from '../../src/recording/recording-summary.js'
import { missingLines, silentLines } from '../../src/recording/summary-text.js'

const NONE = { inGaps: 0, overwritten: 0, unsaved: 0, gone: 0, truncated: 0 }

function stream(nominalSrate: number, figures: Partial<RecordedStreamStats>): RecordedStreamStats {
  const info = new StreamInfo({ name: 'EEG', channelCount: 1, nominalSrate })
  return { id: 1, info, state: 'connected', samples: 1, rate: 0, ageS: 0.01, clockOffsetS: 0, missing: NONE, interruptions: [], firstTime: 1, lastTime: 1, ...figures } // prettier-ignore
}

function linesOf(nominalSrate: number, figures: Partial<RecordedStreamStats>, seconds = 60): string[] {
  const streams = [stream(nominalSrate, figures)]
  const summary = summaryOf({ file: 'a.xdf', bytes: 1, diskFree: 1, seconds, trouble: undefined, streams, absent: [] })
  const missing = missingLines(summary)
  t.equal(summary.isComplete, missing.length === 0)
  return [...missing, ...silentLines(summary)]
}

t.test('a regular stream that was silent at the end is told', async t => {
  t.same(linesOf(100, {}), [])
  t.same(linesOf(100, { state: 'lost', ageS: 15.2 }), ["'EEG' was silent for the last 15.2 s"])
  t.same(linesOf(100, { state: 'stalled', ageS: 15.2 }), ["'EEG' was silent for the last 15.2 s"])
  t.same(linesOf(100, { samples: 0, ageS: Infinity }), ["'EEG' never sent a sample"])
})

t.test('a stream that ended just before, or has no rate, or is slow, is not called silent', async t => {
  t.same(linesOf(100, { state: 'lost', ageS: 1.5 }), [])
  t.same(linesOf(0, { state: 'lost', ageS: 15 }), [])
  t.same(linesOf(0, { samples: 0, ageS: Infinity }), [])
  t.same(linesOf(0.1, { samples: 0, ageS: Infinity }, 15), [])
  t.same(linesOf(0.1, { state: 'lost', ageS: 15 }), [])
})

t.test('what is missing is told by cause', async t => {
  t.same(linesOf(0, { missing: { ...NONE, overwritten: 3, unsaved: 2 } }), [
    "'EEG' misses 5 samples: 3 overwritten in memory, 2 not written at the end",
  ])
})
