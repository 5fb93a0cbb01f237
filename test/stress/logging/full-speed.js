import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { client, closing, countLines, frame, mebibytes, receiver, record, rssOf, stop } from './support.js'

const CLIENTS = 32

/** 32 clients write as fast as they can: nothing is lost, the order of each is kept. In full: for 30 s. */
export async function fullSpeed({ folder, seconds }) {
  const file = join(folder, 'speed.log')
  const { child, port } = await receiver(0, file)
  const counts = new Array(CLIENTS).fill(0)
  let mostRss = 0
  const startMs = performance.now()
  const lasts = Math.min(30, seconds) * 1000
  await Promise.all(
    counts.map(async (_, number) => {
      const socket = await client(port)
      const closed = closing(socket)
      while (performance.now() < startMs + lasts) {
        const frames = []
        for (let i = 0; i < 50; i++) {
          frames.push(frame(JSON.stringify(record({ name: `c${number}`, msg: `number ${counts[number]++}` }))))
        }
        if (!socket.write(Buffer.concat(frames))) await once(socket, 'drain')
        else await new Promise(resolve => setImmediate(resolve))
        if (number === 0) mostRss = Math.max(mostRss, rssOf(child.pid))
      }
      socket.end()
      await closed
    }),
  )
  const tookS = (performance.now() - startMs) / 1000
  await stop(child)
  for (const [number, { lines, next, disorder }] of (await countLines(file, CLIENTS)).entries()) {
    assert.deepEqual({ lines, next, disorder }, { lines: counts[number], next: counts[number], disorder: 0 })
  }
  const total = counts.reduce((sum, count) => sum + count, 0)
  return `${total} records of ${CLIENTS} clients in ${tookS.toFixed(1)} s, 0 lost, in order, the server had ${mebibytes(mostRss)} at most`
}
