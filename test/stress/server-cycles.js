// Jobs started and stopped over and over, each at any size: few for npm test, many for npm run test:stress.
import assert from 'node:assert/strict'
import { client, megabytes, quantile, startProgram } from './server-process.js'

/**
 * Starts jobs, waits until all run, and times from the sending of STOP until the server says that all are gone; over and
 * over, for so long. Nothing of them may be left then.
 */
export async function cycles({ command, jobs, count, seconds = Infinity, promisedMs }) {
  const server = await startProgram('server/server.process.js')
  const socket = await client(server.port)
  const until = performance.now() + seconds * 1000
  const times = []
  const cycle = async () => {
    socket.write(`${command};`.repeat(jobs))
    while ((await server.ask('running')) < jobs) await new Promise(resolve => setTimeout(resolve, 2))
    const started = performance.now()
    const left = server.ask('gone', () => socket.write('STOP;GONE;'))
    assert.equal(await left, 0)
    times.push(performance.now() - started)
  }
  for (let i = 0; i < Math.min(20, count / 4) && performance.now() < until; i++) await cycle()
  const before = await server.stats()
  const rss = [before.rss]
  while (times.length < count && performance.now() < until) {
    await cycle()
    if (times.length % Math.ceil(count / 4) === 0) rss.push((await server.stats()).rss)
  }
  const after = await server.stats()
  const kept = { descriptors: [before.descriptors, after.descriptors], threads: [before.threads, after.threads] }
  assert.ok(after.descriptors <= before.descriptors + 2, JSON.stringify(kept))
  assert.ok(after.threads <= before.threads + 1, JSON.stringify(kept))
  assert.equal(after.children, before.children, 'processes')
  const heapMb = [before.heap, after.heap].map(megabytes)
  assert.ok(after.heap < before.heap + 3e6, `heap of ${heapMb.join(' MB became ')} MB`)
  // Of its first thousands of processes and threads the allocator keeps some tens of MB, and then no more; see `rssMb`.
  assert.ok(after.rss < before.rss + 80e6, `${megabytes(before.rss)} MB became ${megabytes(after.rss)}`)
  await server.end()
  times.sort((a, b) => a - b)
  const stopMs = { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
  // The limit on a machine that does other things. Of a stop of eight threads most is Node's: 3 ms of a core each.
  assert.ok(stopMs.p99 < 20 * promisedMs, `${command}: p99 ${stopMs.p99} ms, promised ${promisedMs} ms`)
  return { command, jobs, cycles: times.length, stopMs, heapMb, rssMb: [...rss, after.rss].map(megabytes), ...kept }
}
