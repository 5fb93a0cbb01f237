import assert from 'node:assert/strict'
import { join } from 'node:path'
import { frame, mebibytes, receiver, record, rssOf, send, stop, writesTheNextRecord } from './support.js'

const MOST_GROWTH = 128 * 1024 * 1024

/** mulberry32: small, seeded, good enough to break things. */
function generator(seed) {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const SEEDS = [
  record({ msg: 'plain' }),
  record({ msg: '%s %d %(a)s', args: ['x', 1] }),
  record({ msg: '%(a)5.3f', args: { a: 1.5 } }),
  record({ msg: 'm', args: "('a', 1, <x>)", created: '1.5', msecs: '1', exc_text: 'None' }),
  record({ msg: 'NaN 12345678901234567890', exc_text: 'Traceback\n  2026-11-22 05:33:01,898 - x' }),
  { dareplaneDelivery: ['s', 1], ...record({ msg: 'ours' }) },
].map(each => frame(JSON.stringify(each)))

/** One to eight changes: a byte, a cut, a doubling, a splice of two frames; the length is put right half of the time. */
function mutant(random) {
  let bytes = Buffer.from(SEEDS[random(SEEDS.length)])
  for (let changes = 1 + random(8); changes > 0; changes--) {
    const at = random(bytes.length)
    const kind = random(5)
    if (kind < 2) bytes[at] = random(256)
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random(20))])
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(0, at), bytes.subarray(at)])
    else bytes = Buffer.concat([bytes.subarray(0, at), SEEDS[random(SEEDS.length)].subarray(random(40))])
    if (bytes.length < 5) bytes = Buffer.from(SEEDS[0])
    if (bytes.length > 4096) bytes = bytes.subarray(0, 4096)
  }
  const rightLength = random(2) === 0
  if (rightLength) bytes.writeUInt32BE(bytes.length - 4)
  return bytes
}

/** Mutated frames leave the server alive, small, and able to write the next good record. In full: a million. */
export async function mutations({ folder, seconds, seed }) {
  const random = generator(seed)
  const file = join(folder, 'mutations.log')
  const server = await receiver(0, file)
  const before = rssOf(server.child.pid)
  const wanted = Math.min(1e6, Math.round(40_000 * seconds))
  let mostRss = before
  let sent = 0
  for (let rounds = 0; sent < wanted; rounds++) {
    const batch = Array.from({ length: 200 }, () => mutant(random))
    sent += batch.length
    await send(server.port, Buffer.concat(batch))
    if (rounds % 100 === 0) mostRss = Math.max(mostRss, rssOf(server.child.pid))
  }
  await writesTheNextRecord(server, file)
  await stop(server.child)
  const grown = mostRss - before
  assert.ok(grown < MOST_GROWTH, `the receiver grew by ${mebibytes(grown)}`)
  return `${sent} frames, the server grew by ${mebibytes(grown)} at most`
}
