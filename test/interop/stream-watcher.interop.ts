import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import type { Test } from 'tap'
import { allocateSamples, CHANNEL_FORMATS } from '../../src/channel-format.js'
import type { ChannelFormat } from '../../src/channel-format.js'
import { xmlElement } from '../../src/lsl/xml.js'
import { decode, Peer } from '../support/interop/peer.js'
import type { Values } from '../support/interop/peer.js'
import { withoutPython } from '../support/interop/python.js'
import { seededRandom } from '../support/random.js'
import type { Random } from '../support/random.js'

const CHANNELS = [{ label: 'C3' }, { label: 'Cz' }, { label: 'C4' }]
const RATE = 100
const PUSHES = 24
const IRREGULAR_FRAMES = 1000

interface Figures {
  data: string | unknown[][]
  times: string
  nNew: number
  lastT: number
}
interface PythonFigures extends Figures {
  publicLastT: number
  publicCurrI: number
}

/** Two outlets that send the same samples, one to each watcher: an outlet cannot tell how many listen to it. */
class Pair {
  readonly name: string
  readonly python: Peer
  readonly ours: Peer
  readonly #sender: Peer

  constructor(python: Peer, sender: Peer, ours: Peer, name: string) {
    this.python = python
    this.ours = ours
    this.name = name
    this.#sender = sender
  }

  /** What Python's watcher tells of the stream; ours must connect too. */
  async connect(stream: Readonly<Record<string, unknown>>, bufferSizeS: number): Promise<{ names: string[] }> {
    const options = { type: 'Test', channels: CHANNELS, ...stream }
    for (const end of ['theirs', 'ours']) {
      const name = `${this.name} ${end}`
      await this.#sender.ask('outlet', { key: name, name, sourceId: name, ...options })
    }
    const key = this.name
    await this.ours.ask('inlet', { key, name: `${key} ours`, bufferSizeS })
    await this.#sees('ours')
    const described = await this.python.ask<{ names: string[] }>('watcher', { key, name: `${key} theirs`, bufferSizeS })
    await this.#sees('theirs')
    return described
  }

  async #sees(end: string): Promise<void> {
    if (await this.#sender.ask<boolean>('wait', { key: `${this.name} ${end}`, timeoutS: 10 })) return
    throw new Error(`the outlet does not see ${end}`)
  }

  async push(values: Values, stamps: Float64Array): Promise<void> {
    for (const end of ['theirs', 'ours']) await this.#sender.push(`${this.name} ${end}`, values, stamps)
  }

  /** What both show once they have received `total` frames. */
  async update(total: number): Promise<[PythonFigures, Figures]> {
    const args = { key: this.name, total }
    return Promise.all([this.python.ask<PythonFigures>('update', args), this.ours.ask<Figures>('update', args)])
  }

  async take(): Promise<void> {
    for (const end of [this.python, this.ours]) await end.ask('take', { key: this.name })
  }

  async close(): Promise<void> {
    for (const end of [this.python, this.ours]) await end.ask('close', { key: this.name })
    for (const end of ['theirs', 'ours']) await this.#sender.ask('close', { key: `${this.name} ${end}` })
  }
}

function randomValues(format: ChannelFormat, frames: number, random: Random): Values {
  if (format === 'string')
    return Array.from({ length: frames }, () =>
      CHANNELS.map(() =>
        random()
          .toString(36)
          .slice(2, 3 + random() * 12),
      ),
    )
  const data = allocateSamples(format, frames * CHANNELS.length)
  for (let i = 0; i < data.length; i++) {
    const value = Math.floor((random() - 0.5) * 200)
    data[i] = format === 'int64' ? BigInt(value) * 10n ** 15n : format.startsWith('int') ? value : value * random()
  }
  return data
}

/** Rows that Python has not filled are the number 0.0 in a ring of strings; ours are empty strings. */
function emptyForZero(rows: unknown[][]): unknown[][] {
  return rows.map(row => row.map(value => (value === 0 ? '' : value)))
}

async function unfoldsAlike(t: Test, pair: Pair, format: ChannelFormat, window: number, random: Random): Promise<void> {
  let total = 0
  for (let push = 0; push < PUSHES; push++) {
    const frames = 1 + Math.floor(random() ** 3 * 1.3 * Math.max(window, RATE))
    const stamps = Float64Array.from({ length: frames }, (_, i) => 1000 + (total + i) / RATE)
    await pair.push(randomValues(format, frames, random), stamps)
    total += frames
    const [theirs, ours] = await pair.update(total)
    const theirData = Array.isArray(theirs.data) ? emptyForZero(theirs.data) : theirs.data
    t.strictSame(
      { data: ours.data, times: ours.times, nNew: ours.nNew, lastT: ours.lastT },
      { data: theirData, times: theirs.times, nNew: theirs.nNew, lastT: theirs.lastT },
      `after ${total} frames`,
    )
    if (random() < 0.3) await pair.take()
  }
  t.ok(total > 2 * window, 'it wrapped')
}

t.test("Python's StreamWatcher and ours", { skip: withoutPython }, async t => {
  await using python = Peer.python()
  await using sender = Peer.ours()
  await using ours = Peer.ours()
  const random = seededRandom(t)
  const pairFor = (what: string): Pair => new Pair(python, sender, ours, uniqueName(what))

  for (const format of CHANNEL_FORMATS) {
    const rate = format === 'string' ? 0 : RATE
    for (const bufferSizeS of format === 'float32' ? [0.01, 0.05, 0.29, 1, 2.005] : [0.5]) {
      await t.test(`a ${format} stream in a window of ${bufferSizeS} s unfolds to the same arrays`, async t => {
        const pair = pairFor(format)
        const { names } = await pair.connect({ format, rate }, bufferSizeS)
        t.same(names, ['C3', 'Cz', 'C4'])
        await unfoldsAlike(t, pair, format, rate === 0 ? IRREGULAR_FRAMES : rate * bufferSizeS, random)
        await pair.close()
      })
    }
  }

  await t.test(
    'differ where Python is stale: its last_t and curr_i stay those of the connection, ours live',
    async t => {
      const pair = pairFor('stale')
      await pair.connect({ format: 'float32', rate: RATE }, 1)
      await pair.push(Float32Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(7, 8))
      const [theirs, mine] = await pair.update(2)
      t.match(theirs, { lastT: 8, publicLastT: 0, publicCurrI: 0 })
      t.match(mine, { lastT: 8, currI: 2 })
      await pair.close()
    },
  )

  await t.test('differ in a ring of strings that is not full: 0.0 there, empty strings here', async t => {
    const pair = pairFor('unfilled')
    await pair.connect({ format: 'string', rate: 0 }, 1)
    await pair.push([['a', '', 'c']], Float64Array.of(5))
    const [theirs, mine] = await pair.update(1)
    t.same((theirs.data as unknown[][])[998], [0, 0, 0])
    t.same((mine.data as unknown[][])[998], ['', '', ''])
    t.same((mine.data as unknown[][])[999], (theirs.data as unknown[][])[999])
    await pair.close()
  })

  await t.test('differ where a window has no frame: Python divides by zero, ours has one', async t => {
    const pair = pairFor('tiny')
    await pair.connect({ format: 'float32', rate: RATE }, 0.001)
    await pair.push(Float32Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(7, 8))
    await t.rejects(pair.python.ask('update', { key: pair.name, total: 2 }), /ZeroDivisionError/)
    const mine = await ours.ask<Figures>('update', { key: pair.name, total: 2 })
    t.same([...(decode(mine.data as string, 'float32') as Float32Array)], [4, 5, 6])
    await pair.close()
  })

  await t.test(
    'differ where labels are missing: Python fails to connect or to add, ours names the channels',
    async t => {
      const bare = pairFor('no channels')
      const desc = [xmlElement('manufacturer', 'BioSemi')]
      await t.rejects(bare.connect({ format: 'float32', rate: RATE, desc }, 1), /KeyError/)
      await bare.push(Float32Array.of(1, 2, 3), Float64Array.of(7))
      const mine = await ours.ask<Figures>('update', { key: bare.name, total: 1 })
      t.same([...(decode(mine.data as string, 'float32') as Float32Array)].slice(-3), [1, 2, 3])
      await ours.ask('close', { key: bare.name })

      const short = pairFor('one label')
      const oneLabel = { format: 'float32', rate: RATE, channels: CHANNELS.slice(0, 1), count: 3 }
      await t.rejects(short.connect(oneLabel, 1), /ValueError/)
      await short.push(Float32Array.of(1, 2, 3), Float64Array.of(7))
      t.equal((await ours.ask<Figures>('update', { key: short.name, total: 1 })).nNew, 1)
      await ours.ask('close', { key: short.name })
    },
  )

  await t.test('differ where two streams have the name: Python takes the first, ours lists both', async t => {
    const name = uniqueName('twice')
    const stream = { name, type: 'Test', format: 'float32', rate: RATE, channels: CHANNELS }
    for (const key of ['one', 'two']) await sender.ask('outlet', { key: name + key, sourceId: key, ...stream })
    const theirs = await python.ask<{ names: string[] }>('watcher', { key: name, name, bufferSizeS: 1 })
    t.match(theirs, { names: ['C3', 'Cz', 'C4'] })
    await t.rejects(ours.ask('inlet', { key: name, name }), /2 streams with name=.*(one, .*two|two, .*one)/s)
  })
})
