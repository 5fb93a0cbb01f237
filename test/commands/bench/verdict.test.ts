import t from 'tap'
import type { ProcessFigures } from '../../../src/commands/bench/process-profile.js'
import type { ProfileFigures } from '../../../src/commands/bench/stream-profile.js'
import { processVerdict, streamVerdict } from '../../../src/commands/bench/verdict.js'

const GOOD: ProfileFigures = {
  seconds: 10,
  frames: 5000,
  nominalSrate: 500,
  rateByClock: 500,
  rateByStamps: 500,
  jitter: { p50S: 1e-5, p99S: 1e-4, maxS: 1e-3 },
  latency: { p50S: 2e-4, p99S: 1e-3, maxS: 5e-3 },
  lost: 0,
  gapFrames: 0,
  lapped: 0,
  interruptions: 0,
  wakeUpsPerS: 500,
  pullsPerS: 500,
}

const CASES: [string, Partial<ProfileFigures>, RegExp[]][] = [
  ['nothing wrong', {}, [/nothing to improve/]],
  ['silence', { frames: 0 }, [/no sample arrived in 10\.0 s/]],
  ['losses here', { lost: 3, gapFrames: 3 }, [/3 samples were lost .* does not keep up/]],
  ['losses of the sender', { gapFrames: 7 }, [/7 samples are missing/]],
  ['a reader that is too slow', { lapped: 9 }, [/9 samples were overwritten/]],
  ['interruptions', { interruptions: 1 }, [/went away and came back, once/]],
  ['another rate than announced', { rateByStamps: 480 }, [/480\.0 Hz where it announces 500/]],
  ['uneven stamps', { jitter: { p50S: 0, p99S: 0.0011, maxS: 1 } }, [/jitter by 1\.1 ms/]],
  ['big chunks', { latency: { p50S: 0.1, p99S: 0.2, maxS: 0.2 }, wakeUpsPerS: 5 }, [/200\.0 ms old .* 100 at a time/]],
  ['a slow network', { latency: { p50S: 0.1, p99S: 0.2, maxS: 0.2 } }, [/200\.0 ms old \(p99\) when they are here$/]],
  ['an unknown clock', { latency: undefined }, [/nothing to improve/]],
  ['an irregular stream', { nominalSrate: 0, rateByStamps: 1, jitter: { p50S: 9, p99S: 9, maxS: 9 } }, [/nothing to/]],
  ['two troubles', { lost: 1, rateByStamps: 1 }, [/1 samples were lost/, /1\.0 Hz where/]],
]

for (const [what, figures, expected] of CASES) {
  t.test(`the verdict names ${what}`, async t => {
    const verdict = streamVerdict({ ...GOOD, ...figures })
    t.equal(verdict.length, expected.length)
    expected.forEach((pattern, i) => t.match(verdict[i], pattern))
  })
}

t.test('the verdict on the process names a late main thread and a dear stream', async t => {
  const good: ProcessFigures = { cpuShare: 0.1, eventLoopDelay: { p50S: 0, p99S: 1e-3, maxS: 1e-2 } }
  t.same(processVerdict(good, 1), [])
  t.match(processVerdict({ ...good, cpuShare: 0.6 }, 1), [/half a core/])
  t.same(processVerdict({ ...good, cpuShare: 0.6 }, 2), [])
  t.match(processVerdict({ ...good, eventLoopDelay: { p50S: 0, p99S: 0.02, maxS: 1 } }, 1), [/late by 20\.0 ms/])
})

t.test('coarse timers of Windows are not taken for a busy machine', async t => {
  const verdict = (p50S: number, p99S: number) =>
    processVerdict({ cpuShare: 0.1, eventLoopDelay: { p50S, p99S, maxS: 1 } }, 1)
  t.same(verdict(0.0056, 0.0058), [])
  t.match(verdict(0.0056, 0.02), [/late by 20\.0 ms/])
  t.match(verdict(0.003, 0.0058), [/late by 5\.8 ms/])
})
