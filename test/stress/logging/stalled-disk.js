import assert from 'node:assert/strict'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { client, closing, countLines, frame, mebibytes, receiver, record, rssOf, stop } from './support.js'

const CLIENTS = 32
const MOST_RSS = 128 * 1024 * 1024

/** A disk that answers no write for a while makes the clients wait, not the server grow; nothing is lost. */
export async function stalledDisk({ folder, seconds }) {
  const file = join(folder, 'stalled.log')
  const { child, port } = await receiver(0, file, 'stallable')
  child.send('stall')
  const counts = new Array(CLIENTS).fill(0)
  let isOver = false
  let mostRss = 0
  const clients = counts.map(async (_, number) => {
    const socket = await client(port)
    const closed = closing(socket)
    while (!isOver) {
      const frames = []
      for (let i = 0; i < 50; i++) {
        frames.push(frame(JSON.stringify(record({ name: `c${number}`, msg: `number ${counts[number]++}` }))))
      }
      if (!socket.write(Buffer.concat(frames))) await once(socket, 'drain')
      else await new Promise(resolve => setImmediate(resolve))
    }
    socket.end()
    await closed
  })
  const lasts = Math.min(10, seconds) * 1000
  for (const startMs = performance.now(); performance.now() < startMs + lasts; await after(100)) {
    mostRss = Math.max(mostRss, rssOf(child.pid))
  }
  assert.equal(statSync(file).size, 0, 'the disk has answered')
  isOver = true
  child.send('go on')
  await Promise.all(clients)
  await stop(child)
  for (const [number, { lines, next, disorder }] of (await countLines(file, CLIENTS)).entries()) {
    assert.deepEqual({ lines, next, disorder }, { lines: counts[number], next: counts[number], disorder: 0 })
  }
  assert.ok(mostRss < MOST_RSS, `the server had ${mebibytes(mostRss)}`)
  return `${CLIENTS} clients, no write answered for ${lasts / 1000} s, the server had ${mebibytes(mostRss)} at most, 0 lost`
}
