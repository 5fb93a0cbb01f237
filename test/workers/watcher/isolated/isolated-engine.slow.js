import { uniqueName } from '../../../support/loopback.js'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { StreamInfo, StreamOutlet, StreamWatcher } from '../../../../src/index.js'
import { FrameBuffer } from '../../../../src/lsl/frame-buffer.js'
import { pullWithin } from '../../../../src/lsl/pull-waiter.js'
import { isolatedEngine } from '../../../../src/workers/watcher/isolated/isolated-engine.js'
import { lineOf, startFixture } from '../../../support/child.js'
import { ENGINES } from '../../../support/lsl/engines.js'
import { inTime } from '../../../support/in-time.js'
import { platform } from '../../../../src/system/platform.js'

const posix = { skip: platform() === 'windows' && 'reads the process table with ps' }

/** Starts a fixture; resolves when it has said something. */
async function launch(t, file, argument) {
  const child = startFixture(file, argument)
  t.teardown(() => child.kill('SIGKILL'))
  await lineOf(child, '')
  return child
}

/** The processes of engines that `parent` has started. */
function engineProcesses(parent) {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  return table.split('\n').flatMap(line => {
    const [pid, ppid, ...args] = line.trim().split(/\s+/)
    return Number(ppid) === parent && args.join(' ').includes('engine-main.process') ? [Number(pid)] : []
  })
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const SENT = {
  float32: [[NaN, Infinity, -0], [1.401298464324817e-45, 0.1, -3.4028234663852886e38]], // prettier-ignore
  int64: [[-(2n ** 63n), 2n ** 63n - 1n, 0n], [2n ** 53n + 1n, -1n, 1n]], // prettier-ignore
  string: [['', 'µV – 😀', 'x'.repeat(300_000)], ['<&>"\'', 'line\r\n', ' ']], // prettier-ignore
}

for (const engine of ENGINES) {
  for (const [channelFormat, rows] of Object.entries(SENT)) {
    t.test(`a ${channelFormat} stream arrives as it was sent from an engine in another process, ${engine}`, async t => {
      const name = uniqueName('isolated')
      const outlet = new StreamOutlet(new StreamInfo({ name, channelCount: 3, nominalSrate: 0, channelFormat }), {
        engine,
      })
      t.teardown(() => outlet.close())
      const watcher = new StreamWatcher({ name, engine, isolation: 'process' })
      t.teardown(() => watcher.disconnect())
      await watcher.connectToStream({ timeoutS: 10 })
      t.equal(await outlet.waitForConsumers(10), true)
      rows.forEach((row, i) => outlet.pushSample(row, 1000 + i / 3))
      const values = []
      const times = []
      for await (const window of watcher.windows()) {
        values.push(...window.data)
        times.push(...window.times)
        if (times.length >= rows.length) break
      }
      t.same(values, channelFormat === 'string' ? rows : Array.from(rows.flat(), value => (typeof value === 'number' ? Math.fround(value) : value))) // prettier-ignore
      t.same(times, [1000, 1000 + 1 / 3])
      t.match(watcher.stats, { frames: rows.length, lost: 0, engine })
    })
  }

  t.test(`a crash of native code costs the connection, not the process, ${engine}`, posix, async t => {
    const name = uniqueName('crash')
    await launch(t, 'lsl/outlet.js', JSON.stringify({ name, sourceId: name }))
    const watcher = new StreamWatcher({ name, engine, isolation: 'process' })
    t.teardown(() => watcher.disconnect())
    await watcher.connectToStream({ timeoutS: 10 })
    for await (const window of watcher.windows()) if (window.frames > 0) break
    const [pid, ...others] = engineProcesses(process.pid)
    t.same(others, [])
    const reasons = []
    watcher.on('lost', ({ reason }) => reasons.push(reason))
    const recovered = new Promise(resolve => watcher.on('recovered', resolve))
    const started = performance.now()
    process.kill(pid, 'SIGSEGV')
    t.match(await recovered, { after: 'lost', reconnections: 1 })
    inTime(t, 'data again', performance.now() - started, 2000)
    t.same(reasons, ['the process of the engine was killed by SIGSEGV'])
    t.ok(watcher.stats.gapFrames > 0, 'what was missed meanwhile is counted')
    t.equal(engineProcesses(process.pid).length, 1)
    await watcher.disconnect()
    t.equal(watcher.state, 'disconnected')
    t.equal(reasons.length, 1, 'disconnecting is not a loss')
    t.same(engineProcesses(process.pid), [])
  })
}

t.test('a stream that is not there is not found, and the process is gone', posix, async t => {
  const watcher = new StreamWatcher({ name: uniqueName('absent'), isolation: 'process' })
  await t.rejects(watcher.connectToStream({ timeoutS: 0.2 }), { code: 'ERR_STREAM_NOT_FOUND' })
  t.same(engineProcesses(process.pid), [])
})

t.test('an inlet that cannot be made leaves no process, and the next one has its own', posix, async t => {
  const stop = new AbortController()
  const engine = await isolatedEngine({ engine: 'builtin' }, stop.signal)
  const options = { queueFrames: 100, recover: false, processing: {}, timeoutS: 0.2 }
  const gone = new StreamInfo({ name: uniqueName('gone'), channelCount: 1, nominalSrate: 0 })
  await t.rejects(engine.createInlet(gone, options), { code: 'ERR_STREAM_LOST' })
  t.same(engineProcesses(process.pid), [])

  const name = uniqueName('next')
  const outlet = new StreamOutlet(new StreamInfo({ name, channelCount: 1, nominalSrate: 0 }), { engine: 'builtin' })
  const [info] = await engine.resolve(`name='${name}'`, { minimum: 1, timeoutS: 10 })
  const inlet = await engine.createInlet(info, options)
  await inlet.open(10)
  // More than may wait at once, so that a block that is not taken would stop all.
  const sink = new FrameBuffer('float32', 1, 1)
  for (let sent = 0; sent < 200; sent++) {
    outlet.pushSample([sent])
    while ((await pullWithin(inlet, sink, 100)) === 0);
    if (sink.samples[0] !== sent) t.fail(`got ${sink.samples[0]}, not ${sent}`)
  }
  await inlet.close()
  await outlet.close()
  stop.abort()
  t.same(engineProcesses(process.pid), [])
})

t.test('an engine that cannot be had says so from there', async t => {
  const watcher = new StreamWatcher({ name: 'x', engine: 'liblsl', library: import.meta.dirname, isolation: 'process' })
  await t.rejects(watcher.connectToStream({ timeoutS: 0.2 }), { code: 'ERR_LIBLSL_NOT_FOUND' })
  t.throws(() => new StreamWatcher({ name: 'x', isolation: 'vm' }), { message: /isolation .*"vm"/ })
})

t.test('no process of an engine survives its parent', posix, async t => {
  const name = uniqueName('orphan')
  await launch(t, 'lsl/outlet.js', JSON.stringify({ name, sourceId: name }))
  const parent = await launch(t, 'watcher/isolated-watcher.js', name)
  const pids = engineProcesses(parent.pid)
  t.equal(pids.length, 1)
  const exit = once(parent, 'exit')
  parent.kill('SIGKILL')
  await exit
  const started = performance.now()
  while (pids.some(isAlive) && performance.now() - started < 20_000)
    await new Promise(resolve => setTimeout(resolve, 5))
  t.same(pids.filter(isAlive), [])
  inTime(t, 'gone', performance.now() - started, 1000)
})
