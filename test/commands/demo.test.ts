import '../support/loopback.js'
import t from 'tap'
import { dareplane } from '../support/dareplane.js'
import { bandPower } from '../../src/commands/demo/band-power.js'

t.test('the demo runs the whole main job, ends by itself and says that all of it held', async t => {
  const { code, stdout } = await dareplane('demo', '--seconds', '2')
  t.equal(code, 0, stdout)
  const received = [...stdout.matchAll(/frames +(\d+) sent, (\d+) received, 0 lost/g)]
  t.equal(received.length, 2, 'an EEG and markers')
  for (const [, sent, got] of received) t.equal(got, sent)
  t.ok(Number(received[0]?.[1]) > 0)
  t.match(stdout, /stopped in [\d.]+ ms/)
  t.match(stdout, /all of it held/)
})

t.test('the demo refuses a recording that is not there in one line', async t => {
  const { code, stderr } = await dareplane('demo', '--xdf', 'no-such-file.xdf')
  t.equal(code, 1)
  t.match(stderr, /^dareplane: .*no-such-file\.xdf.*\n$/)
})

t.test('band power is that of the sine in the band, and nothing of one outside', async t => {
  const shape = { frames: 250, channels: 2, channel: 1, srate: 250 }
  const sine = (hz: number): number[] =>
    Array.from({ length: 500 }, (_, i) =>
      i % 2 === 1 ? 3 * Math.sin((2 * Math.PI * hz * Math.floor(i / 2)) / 250) : 100,
    )
  t.ok(Math.abs(bandPower(sine(10), shape, [8, 12]) - 4.5) < 1e-6)
  t.ok(bandPower(sine(20), shape, [8, 12]) < 1e-6)
})
