// Baseline: JSON.stringify of the record that Python expects, and one write of it into a buffer. Each call is timed alone.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { pino } from 'pino'
import { getLogger } from '../dist/logging/get-logger.js'
import { quantile } from './support/statistics.js'
import { closedPort, logServer, python, pythonPeer } from './support/log-peers.js'

const CALLS = 2000
/** Calls between two pauses of a millisecond, where calls are paced: with all at once, other threads' work shows as well. */
const PACE = 20
const RECORD = {
  ...{
    name: 'bench.mod',
    msg: '',
    args: [],
    levelname: 'INFO',
    levelno: 20,
    pathname: '/a/b/module.js',
    filename: 'module.js',
  },
  ...{
    module: 'module',
    exc_info: null,
    exc_text: null,
    stack_info: null,
    lineno: 12,
    funcName: 'main',
    created: 1795325581.898,
  },
  ...{
    msecs: 898,
    relativeCreated: 1234.5,
    thread: 0,
    threadName: 'MainThread',
    processName: 'MainProcess',
    process: 1234,
  },
}

function eachTimed(label, call, { isPaced, settle }) {
  return {
    label,
    async measure() {
      const took = new Array(CALLS)
      for (let number = 0; number < CALLS; number++) {
        if (isPaced && number % PACE === 0) await after(1)
        const start = process.hrtime.bigint()
        call(number)
        took[number] = Number(process.hrtime.bigint() - start)
      }
      await settle?.()
      return took
    },
  }
}

const flushed = log => () => new Promise(resolve => log.flush(resolve))

function pythonCalls(label, port, isPaced) {
  const { child, line } = pythonPeer('call', String(port), String(isPaced ? PACE : CALLS))
  return {
    label,
    child,
    async measure() {
      child.stdin.write(`${CALLS}\n`)
      return JSON.parse(await line())
    },
  }
}

/** p99.9 of all samples of each contender, the warm-up left out, beside what the harness reports. */
function tails(contenders) {
  const rounds = contenders.map(() => [])
  const kept = contenders.map((each, i) => ({
    ...each,
    async measure() {
      const samples = await each.measure()
      rounds[i].push(samples)
      return samples
    },
  }))
  const tail = i => `${contenders[i].label} ${(quantile(rounds[i].slice(1).flat(), 0.999) / 1000).toFixed(1)}`
  const note = medians => {
    const times = label => {
      const i = contenders.findIndex(each => each.label === label)
      return i < 0 ? 'absent' : `${(medians[i] / medians[0]).toFixed(2)} times`
    }
    const peers = ['server stalled', 'pino to a file', 'Python, server up'].map(
      label => `${label} ${times(label)} server up`,
    )
    return `medians: ${peers.join(', ')}\n  p99.9 in us: ${contenders.map((_, i) => tail(i)).join(', ')}`
  }
  return { contenders: kept, note }
}

async function callCase(isPaced) {
  const folder = mkdtempSync(join(tmpdir(), 'dareplane-bench-'))
  const up = await logServer('ours', join(folder, 'up.log'))
  const stalled = await logServer('ours', join(folder, 'stalled.log'))
  const raw = await logServer('raw', join(folder, 'raw.log'))
  const down = await closedPort()
  const logger = (port, options) => getLogger('bench.mod', { port, ...options })
  const loggers = { up: logger(up.port), stalled: logger(stalled.port), down: logger(down) }
  loggers.sited = logger(up.port, { callerSite: true })
  for (const log of Object.values(loggers)) {
    log.info('first')
    await flushed(log)()
  }
  const pythons = python
    ? [
        pythonCalls('Python, server up', up.port, isPaced),
        pythonCalls('Python, server down', down, isPaced),
        pythonCalls('Python, server stalled', stalled.port, isPaced),
      ]
    : []
  stalled.child.kill('SIGSTOP')
  const file = pino({ base: null }, pino.destination({ dest: join(folder, 'pino.log'), sync: false }))
  const socket = connect(raw.port, '127.0.0.1')
  await once(socket, 'connect')
  const buffer = Buffer.alloc(1 << 20)
  let at = 0
  const call = log => number => log.info('reader lapped, %d frames lost', number)
  // A pause lets the transport thread take what there is: not the sum of all contenders' lines is to be measured.
  const resting = { isPaced, settle: () => after(30) }
  return {
    name: `${CALLS} calls of log.info with one argument, ${isPaced ? `${PACE} in a millisecond` : 'all at once'}`,
    unit: 'ns/call',
    ...tails([
      eachTimed('server up', call(loggers.up), { isPaced, settle: flushed(loggers.up) }),
      eachTimed('server down', call(loggers.down), resting),
      eachTimed('server stalled', call(loggers.stalled), resting),
      eachTimed('server up, callerSite', call(loggers.sited), { isPaced, settle: flushed(loggers.sited) }),
      eachTimed('pino to a file', call(file), resting),
      eachTimed('pino to a socket', call(pino({ base: null }, socket)), resting),
      ...pythons,
      eachTimed(
        'stringify and write',
        number => {
          const text = JSON.stringify({ ...RECORD, msg: `reader lapped, ${number} frames lost`, lineno: number })
          at = at + text.length > buffer.length ? 0 : at
          at += buffer.write(text, at)
        },
        { isPaced },
      ),
    ]),
    close() {
      socket.destroy()
      for (const { child } of [up, stalled, raw, ...pythons]) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export default {
  id: 'log-call',
  about: "a log call in the caller's thread (B11)",
  async *cases() {
    yield callCase(true)
    yield callCase(false)
  },
}
