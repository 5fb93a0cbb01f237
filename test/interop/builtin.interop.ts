import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import type { Test } from 'tap'
import { allocateSamples, CHANNEL_FORMATS } from '../../src/channel-format.js'
import type { ChannelFormat, NumericFormat } from '../../src/channel-format.js'
import { OLD_LIBRARY } from '../support/lsl/libraries.js'
import { encode, Peer } from '../support/interop/peer.js'
import type { Values } from '../support/interop/peer.js'
import { withoutPython } from '../support/interop/python.js'

const RATE = 250
const FRAMES = 200
/** All of them for one format; the others differ in the size of their values only. */
const CHANNEL_COUNTS: Partial<Record<ChannelFormat, readonly number[]>> = { float32: [1, 3, 64, 1024], string: [1, 3] }
const FEW_COUNTS = [3, 256]

interface End {
  readonly name: string
  readonly peer: Peer
  readonly options: Readonly<Record<string, unknown>>
}

/** Every single bit of a value set once, then bits that look random: NaN payloads and subnormals among them. */
function walkingBits(format: NumericFormat, channels: number, frames: number): Values {
  const samples = allocateSamples(format, channels * frames)
  const bytes = new Uint8Array(samples.buffer)
  const size = samples.BYTES_PER_ELEMENT
  let state = 12345
  for (let i = 0; i < bytes.length; i++) {
    const value = Math.floor(i / size)
    state = (Math.imul(state, 1103515245) + 12345) | 0
    const walking = value % 8 === i % size ? 1 << (value % 8) : 0
    bytes[i] = value < 8 * size ? walking : state >>> 16
  }
  return samples
}

function texts(channels: number): string[][] {
  const special = [
    '',
    'a\0b\0',
    'µV – 😀',
    'x'.repeat(2 ** 20),
    '\0',
    '<&>"\'\r\n',
    ' ',
    'y'.repeat(255),
    'z'.repeat(256),
  ]
  return special.map((_, row) =>
    Array.from({ length: channels }, (_, channel) => special[(row + channel) % special.length] ?? ''),
  )
}

async function passes(t: Test, format: ChannelFormat, count: number, from: End, to: End): Promise<void> {
  const name = uniqueName(format)
  const rate = format === 'string' ? 0 : RATE
  const stream = { name, type: 'Bits', format, rate, channels: [], count, desc: [], sourceId: name }
  await from.peer.ask('outlet', { key: name, ...stream, ...from.options })
  await to.peer.ask('inlet', { key: name, name, ...to.options })
  const values = format === 'string' ? texts(count) : walkingBits(format, count, FRAMES)
  const frames = ArrayBuffer.isView(values) ? FRAMES : values.length
  const stamps = Float64Array.from({ length: frames }, (_, i) => 1000 + i / 7)
  // At once: whoever is told that it is connected misses nothing.
  t.equal(await from.peer.ask<boolean>('wait', { key: name, timeoutS: 10 }), true)
  await from.peer.push(name, values, stamps)
  const got = await to.peer.pull(name, format, frames)
  if (ArrayBuffer.isView(got.values) && ArrayBuffer.isView(values))
    t.equal(encode(got.values), encode(values), 'values')
  else t.strictSame(got.values, values, 'values')
  t.strictSame(got.stamps, [...stamps], 'stamps as they were given')
  if (rate > 0) {
    await from.peer.push(name, values, 3000)
    const { stamps } = await to.peer.pull(name, format, frames)
    let stamp = 3000 - (frames - 1) / rate
    const deduced = Array.from({ length: frames }, (_, i) => (i === 0 ? stamp : (stamp += 1 / rate)))
    t.strictSame(stamps, deduced, 'stamps deduced bit for bit')
  }
  await to.peer.ask('close', { key: name })
  await from.peer.ask('close', { key: name })
}

t.test('the builtin engine and every liblsl understand each other', { skip: withoutPython }, async t => {
  await using python = Peer.python()
  const wheels = await python.ask<{ mne: string; pylsl: string }>('libraries')
  await using builtinPeer = Peer.ours()
  await using otherPeer = Peer.ours()
  await using oldPeer = Peer.ours()
  await using mnePeer = Peer.ours()
  await using pylslPeer = Peer.ours()
  const builtin: End = { name: 'builtin', peer: builtinPeer, options: { engine: 'builtin' } }
  const others: End[] = [
    { name: 'builtin', peer: otherPeer, options: { engine: 'builtin' } },
    { name: 'liblsl 1.10', peer: oldPeer, options: { engine: 'liblsl', library: OLD_LIBRARY } },
    { name: "mne-lsl's liblsl", peer: mnePeer, options: { engine: 'liblsl', library: wheels.mne } },
    { name: "pylsl's liblsl", peer: pylslPeer, options: { engine: 'liblsl', library: wheels.pylsl } },
  ]
  for (const other of others)
    for (const [from, to] of other.name === 'builtin'
      ? [[builtin, other]]
      : ([
          [builtin, other],
          [other, builtin],
        ] as const))
      for (const format of CHANNEL_FORMATS)
        await t.test(`${format} from ${from.name} to ${to.name}`, async t => {
          for (const count of CHANNEL_COUNTS[format] ?? FEW_COUNTS) await passes(t, format, count, from, to)
        })
})
