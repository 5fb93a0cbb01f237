import '../support/loopback.js'
import t from 'tap'
import { dareplane } from '../support/dareplane.js'

t.test(
  'the demo runs the whole main job, ends by itself and says that all went as it should, what it computed and what to try next',
  async t => {
    const { code, stdout } = await dareplane('demo', '--seconds', '2')
    t.equal(code, 0, stdout)
    const received = [...stdout.matchAll(/samples +(\d+) sent, (\d+) received, 0 missing/g)]
    t.equal(received.length, 2, 'an EEG and markers')
    for (const [, sent, got] of received) t.equal(got, sent)
    t.ok(Number(received[0]?.[1]) > 0)
    t.match(stdout, /stopped in [\d.]+ ms/)
    t.match(stdout, /^PASSED: all samples arrived/m)
    t.match(stdout, /^job 'band power' .*: alpha \d+\.\d\d µV² in the last second$/m)
    t.match(stdout, /^next: /m)
  },
)

t.test('the demo refuses a recording that is not there in one line', async t => {
  const { code, stderr } = await dareplane('demo', '--xdf', 'no-such-file.xdf')
  t.equal(code, 1)
  t.match(stderr, /^dareplane: .*no-such-file\.xdf.*\n$/)
})
