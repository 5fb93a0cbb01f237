import t from 'tap'
import { MessageChannel } from 'node:worker_threads'
import type { Block } from '../../../../src/lsl/builtin/codec/encode-numeric.js'
import { TAG_DEDUCED, TAG_STAMPED } from '../../../../src/lsl/builtin/codec/wire.js'
import { Doorbell } from '../../../../src/lsl/outlet/doorbell.js'
import {
  HEAD,
  TAIL,
  allocateQueue,
  attachQueue,
  DROPPED,
  loadCount,
  storeCount,
} from '../../../../src/lsl/builtin/outlet/thread/queue-layout.js'
import { QueueReader } from '../../../../src/lsl/builtin/outlet/thread/queue-reader.js'
import { QueueWriter } from '../../../../src/lsl/builtin/outlet/thread/queue-writer.js'
import { seededRandom } from '../../../support/random.js'

function queue(capacity: number, start = 0) {
  const buffer = allocateQueue(capacity)
  const memory = attachQueue(buffer)
  memory.words[HEAD] = memory.words[TAIL] = start
  const { port1, port2 } = new MessageChannel()
  const writer = new QueueWriter(memory, new Doorbell(), port1)
  const reader = new QueueReader(attachQueue(buffer), port2)
  const taken: [Block, boolean][] = []
  const drain = (): void => reader.drain((block, flush) => taken.push([block, flush]))
  return { memory, writer, reader, taken, drain, close: () => port1.close() }
}

const block = (bytes: Uint8Array, firstStamp = 1): Block => ({ bytes, frames: bytes.length, firstStamp })

t.test('blocks of any size come out as they went in, also where the counts wrap and beyond the queue', async t => {
  const random = seededRandom(t)
  for (const start of [0, 2 ** 31 - 4096, -4096]) {
    const { writer, reader, taken, drain, close } = queue(1024, start)
    const sent: [Block, boolean][] = []
    let inUse = 0
    for (let i = 0; i < 3000; i++) {
      const size = random() < 0.02 ? 600 + Math.floor(random() * 4000) : Math.floor(random() * 200)
      const bytes = Uint8Array.from({ length: size }, () => Math.floor(random() * 256))
      bytes[0] = TAG_STAMPED
      const one: [Block, boolean] = [block(bytes, random()), random() < 0.5]
      // What does not fit is waited for; a quarter of the queue always fits.
      inUse += size + 64
      if (inUse > 512 || random() < 0.3) {
        drain()
        inUse = size + 64
      }
      if (!writer.send(...one)) t.fail(`block ${i} found no room`)
      sent.push(one)
    }
    drain()
    t.ok(reader.isEmpty)
    t.equal(taken.length, sent.length)
    const wrong = sent.findIndex(
      ([{ bytes, frames, firstStamp }, flush], i) =>
        !Buffer.from(bytes).equals(taken[i]![0].bytes) ||
        frames !== taken[i]![0].frames ||
        firstStamp !== taken[i]![0].firstStamp ||
        flush !== taken[i]![1],
    )
    t.equal(wrong, -1, `from ${start}`)
    close()
  }
})

t.test(
  'a writer that is a whole queue ahead waits a while, then that block is lost and the next has its stamp',
  async t => {
    const { writer, taken, drain, close } = queue(1024)
    const bytes = new Uint8Array(376).fill(TAG_DEDUCED)
    t.equal(writer.send(block(bytes), true), true)
    t.equal(writer.send(block(bytes), true), true)
    const start = performance.now()
    t.equal(writer.send(block(bytes), true), false)
    t.ok(performance.now() - start >= 95, 'it was waited for')
    drain()
    t.equal(writer.send(block(bytes, 7), true), true)
    drain()
    t.equal(writer.send(block(bytes, 8), true), true)
    drain()
    t.same(
      taken.map(([{ bytes }]) => bytes[0]),
      [TAG_DEDUCED, TAG_DEDUCED, TAG_STAMPED, TAG_DEDUCED],
    )
    t.equal(Buffer.from(taken[2]![0].bytes).readDoubleLE(1), 7)
    close()
  },
)

t.test('what is there when the writer closes is still taken', async t => {
  const { writer, reader, taken, drain } = queue(1024)
  writer.send(block(Uint8Array.of(1)), false)
  writer.close()
  t.ok(reader.isClosing)
  drain()
  t.equal(taken.length, 1)
})

t.test('drops are counted beyond 2^32', async t => {
  const { memory, close } = queue(1024)
  for (const dropped of [0, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 3]) {
    storeCount(memory.words, DROPPED, dropped)
    t.equal(loadCount(memory.words, DROPPED), dropped)
  }
  close()
})

t.test('a bell that rings between the look and the sleep is heard', async t => {
  const bell = new Doorbell()
  let isIdle = true
  const asked = (): boolean => {
    // Rung after the question was answered: the sleeper must not miss it.
    setImmediate(() => {
      isIdle = false
      bell.ring()
    })
    return isIdle
  }
  const alive = setInterval(() => undefined, 1000)
  await bell.sleep(asked)
  await bell.sleep(() => false)
  clearInterval(alive)
  t.equal(isIdle, false)
})
