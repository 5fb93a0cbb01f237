// What clients can do to a server, each at any size: few for npm test, many for npm run test:stress.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { client, megabytes, quantile, roundTrips, startProgram } from './server-process.js'

/** The promise, and what a busy machine takes beyond it: ten times the worst of a bare echo at the same time. */
async function withinLimit(limitMs, server, bytes, count, pauseMs) {
  const echo = await startProgram('jobs/echo.process.js')
  const [ours, bare] = await Promise.all([client(server.port), client(echo.port, { greeted: false })])
  const [times, noise] = await Promise.all([
    roundTrips(ours, bytes, count, pauseMs),
    roundTrips(bare, bytes, count, pauseMs),
  ])
  await echo.end()
  ours.destroy()
  const [p99, noise99] = [quantile(times, 0.99), quantile(noise, 0.99)]
  const figures = { p50: quantile(times, 0.5), p99, noise99 }
  assert.ok(p99 <= limitMs + 10 * noise99, `p99 ${p99} ms, limit ${limitMs} ms, bare echo ${noise99} ms`)
  return figures
}

export async function connects(count) {
  const server = await startProgram('server/server.process.js')
  await churn(server, 100, socket => socket.end())
  const before = await server.stats()
  await churn(server, count, socket => socket.end())
  const after = await server.stats()
  assert.ok(
    after.descriptors <= before.descriptors + 2,
    `${before.descriptors} descriptors became ${after.descriptors}`,
  )
  await server.end()
  return { count, descriptors: [before.descriptors, after.descriptors], rssMb: [before.rss, after.rss].map(megabytes) }
}

/** A server whose clients say nothing has nothing to do. */
export async function idle({ clients, seconds }) {
  const server = await startProgram('server/server.process.js')
  for (let i = 0; i < clients; i++) await client(server.port)
  const before = await server.stats()
  await new Promise(resolve => setTimeout(resolve, seconds * 1000))
  const after = await server.ask('stats')
  const cpuPercent = (after.cpuMs - before.cpuMs) / seconds / 10
  // The promise is half a percent; another program's load makes every wake-up dearer.
  assert.ok(cpuPercent < 5, `${cpuPercent} % of a core`)
  await server.end()
  return { clients, seconds, cpuPercent }
}

export async function resets(count) {
  const server = await startProgram('server/server.process.js')
  await churn(server, 50, socket => socket.resetAndDestroy())
  const before = await server.stats()
  await churn(server, count, socket => {
    socket.write('COUNT|{"half":')
    socket.resetAndDestroy()
  })
  const after = await server.stats()
  assert.equal(after.calls, 0)
  assert.ok(after.descriptors <= before.descriptors + 2)
  await roundTrips(await client(server.port), 'UP;', 10)
  await server.end()
  return { count, descriptors: [before.descriptors, after.descriptors] }
}

/** Eight at a time, each greeted before it leaves as `leave` says. */
async function churn(server, count, leave) {
  let left = count
  const one = async () => {
    while (left-- > 0) {
      const socket = await client(server.port)
      const closed = once(socket, 'close')
      leave(socket)
      await closed
    }
  }
  await Promise.all(Array.from({ length: 8 }, one))
}

export async function drips({ clients, probes }) {
  const server = await startProgram('server/server.process.js', {
    maxConnections: clients + 1,
    commandTimeoutMs: 600_000,
  })
  const dripping = await Promise.all(Array.from({ length: clients }, () => client(server.port)))
  const drops = setInterval(() => {
    for (const socket of dripping) socket.write('x')
  }, 50)
  const figures = await withinLimit(50, server, 'STOP;UP;', probes, 2)
  await untilServed(server.port)
  const refused = connect({ port: server.port, host: '127.0.0.1' }).on('error', () => undefined)
  await once(refused.resume(), 'close')
  clearInterval(drops)
  await server.end()
  return { clients, ...figures }
}

/** The server needs a moment to see that the last client has gone: until then one more is one too many. */
async function untilServed(port) {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1' }).on('error', () => undefined)
    const isServed = await Promise.race([
      once(socket, 'data').then(() => true),
      once(socket, 'close').then(() => false),
    ])
    if (isServed) return
  }
}

export async function flood({ clients, each, probes }) {
  const server = await startProgram('server/server.process.js')
  const floods = await Promise.all(Array.from({ length: clients }, () => client(server.port)))
  const bytes = 'COUNT|{"a":1};'.repeat(1000)
  const started = performance.now()
  const sent = Promise.all(
    floods.map(async socket => {
      for (let i = 0; i < each; i += 1000) if (!socket.write(bytes)) await once(socket, 'drain')
    }),
  )
  const figures = await withinLimit(100, server, 'UP;', probes, 5)
  await sent
  for (;;) {
    const { calls } = await server.stats()
    if (calls === clients * each) break
    assert.ok(calls < clients * each)
  }
  const seconds = (performance.now() - started) / 1000
  await server.end()
  return { clients, each, perSecond: Math.round((clients * each) / seconds), ...figures }
}

/** Random bytes, half of them made of what commands are made of; after each packet the server answers within its limit. */
export async function garbage({ packets, seed }) {
  const random = mulberry32(seed)
  const server = await startProgram('server/server.process.js')
  const words = ['COUNT', '|', '{', '}', '"', ';', '\n', '\\', 'UP', '{"a":1}', '\xc2', '\xff', '[', 'x'.repeat(100)]
  const probe = await client(server.port)
  let slowest = 0
  let socket = await client(server.port)
  for (let i = 0; i < packets; i++) {
    const parts = Array.from({ length: 1 + Math.floor(random() * 200) }, () =>
      random() < 0.5 ? words[Math.floor(random() * words.length)] : String.fromCharCode(Math.floor(random() * 256)),
    )
    if (socket.destroyed || !socket.writable) socket = await client(server.port)
    socket.resume()
    socket.write(parts.join(''), 'latin1')
    if (i % 10 === 0) slowest = Math.max(slowest, ...(await roundTrips(probe, 'UP;', 1)))
  }
  const figures = await withinLimit(50, server, 'UP;', 200, 0)
  await server.end()
  return { packets, seed, slowest, ...figures }
}

export async function killedClients(count) {
  const server = await startProgram('server/server.process.js')
  const code = `const s = require('net').connect(${server.port}, '127.0.0.1', () => s.write('COUNT|{"a":', () => console.log('sent')))`
  for (let i = 0; i < count; i++) {
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await roundTrips(await client(server.port), 'UP;', 10)
  assert.equal((await server.stats()).calls, 0)
  await server.end()
  return { count }
}

function mulberry32(seed) {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
