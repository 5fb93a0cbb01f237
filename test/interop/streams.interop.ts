import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import type { Test } from 'tap'
import { CHANNEL_FORMATS } from '../../src/channel-format.js'
import type { ChannelFormat } from '../../src/channel-format.js'
import { EXTREME_CHANNELS, extremes, framesOf } from '../support/lsl/extremes.js'
import { OLD_LIBRARY } from '../support/lsl/libraries.js'
import { withoutPython } from '../support/interop/python.js'
import { encode, Peer } from '../support/interop/peer.js'
import type { Described, Values } from '../support/interop/peer.js'

const RATE = 100
const CHANNELS = [
  { label: 'Fp1', unit: 'microvolts', type: 'EEG' },
  { label: "C3' <left> & µ", unit: 'µV', type: 'EEG' },
  { label: '脳波', unit: 'none', type: 'misc' },
]
const FORMATS: Readonly<Record<string, readonly ChannelFormat[]>> = {
  pylsl: CHANNEL_FORMATS,
  mne: ['float32', 'int64', 'string'],
}

function stampsFor(frames: number, rate: number): Float64Array {
  // Irregular: two at one time, a long pause, a step back; fractions that need all of a double.
  const irregular = [1000.1, 1000.1, 4000 + 1 / 3, 3999.999999999, 4001, 4002]
  return Float64Array.from({ length: frames }, (_, i) => (rate > 0 ? 1000 + i / rate : (irregular[i] ?? 5000 + i)))
}

/** Bit for bit: -0 is not 0, and a NaN is that NaN. */
function sameValues(t: Test, got: Values, expected: Values, what: string): void {
  if (ArrayBuffer.isView(got) && ArrayBuffer.isView(expected)) t.equal(encode(got), encode(expected), what)
  else t.strictSame(got, expected, what)
}

interface End {
  peer: Peer
  options: Readonly<Record<string, unknown>>
}

async function passes(t: Test, format: ChannelFormat, from: End, to: End): Promise<void> {
  const name = uniqueName(format)
  const rate = format === 'string' ? 0 : RATE
  const stream = { name, type: 'Test µ', format, rate, channels: CHANNELS, sourceId: `source of ${name}` }
  const [outlet, inlet] = [`${name} out`, `${name} in`]
  await from.peer.ask('outlet', { key: outlet, ...stream, ...from.options })
  t.same(await to.peer.ask<Described>('inlet', { key: inlet, name, ...to.options }), {
    labels: CHANNELS.map(({ label }) => label),
    units: CHANNELS.map(({ unit }) => unit),
    types: CHANNELS.map(({ type }) => type),
    rate,
    type: 'Test µ',
    sourceId: `source of ${name}`,
  })
  t.equal(await from.peer.ask<boolean>('wait', { key: outlet, timeoutS: 10 }), true, 'the outlet sees the inlet')

  const values = extremes(format)
  const frames = framesOf(values)
  const stamps = stampsFor(frames, rate)
  await from.peer.push(outlet, values, stamps)
  const got = await to.peer.pull(inlet, format, frames)
  sameValues(t, got.values, values, 'values')
  t.strictSame(got.stamps, [...stamps], 'stamps')
  if (got.stats !== undefined) t.match(got, { lost: 0, stats: { frames, lost: 0, lapped: 0 } })

  if (rate > 0) {
    await from.peer.push(outlet, values, 2000)
    const { stamps } = await to.peer.pull(inlet, format, frames)
    const expected = Array.from({ length: frames }, (_, i) => 2000 - (frames - 1 - i) / rate)
    t.equal(stamps.length, frames)
    t.ok(
      stamps.every((stamp, i) => Math.abs(stamp - expected[i]!) < 1e-9),
      'one stamp is that of the last sample, the others are deduced from the rate',
    )
  }
  await Promise.all([to.peer.ask('close', { key: inlet }), from.peer.ask('close', { key: outlet })])
}

t.test('streams to and from the Python peers', { skip: withoutPython }, async t => {
  await using python = Peer.python()
  const wheels = await python.ask<{ mne: string; pylsl: string }>('libraries')
  const engines = {
    '1.10 liblsl': { engine: 'liblsl', library: OLD_LIBRARY },
    "mne-lsl's liblsl": { engine: 'liblsl', library: wheels.mne },
    "pylsl's liblsl": { engine: 'liblsl', library: wheels.pylsl },
    'the builtin engine': { engine: 'builtin' },
  }
  t.equal(EXTREME_CHANNELS, CHANNELS.length)
  t.jobs = 2
  await Promise.all(
    Object.entries(engines).map(([engine, options]) =>
      t.test(`ours on ${engine}`, { buffered: true }, async t => {
        // One process for each, as nobody loads two libraries into one.
        await using peer = Peer.ours()
        const ours = { peer, options }
        for (const [kind, formats] of Object.entries(FORMATS)) {
          const theirs = { peer: python, options: { peer: kind } }
          for (const format of formats) {
            await t.test(`${format} from ${kind} to a StreamWatcher`, async t => {
              await passes(t, format, theirs, ours)
            })
            await t.test(`${format} from a StreamOutlet to ${kind}`, async t => {
              await passes(t, format, ours, theirs)
            })
          }
        }
      }),
    ),
  )
})
