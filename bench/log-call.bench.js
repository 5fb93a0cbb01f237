// Baseline: JSON.stringify of the record that Python expects, and one write of it into a buffer. Each call is timed alone.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { pino } from 'pino'
import { getLogger } from '../dist/logging/get-logger.js'
import { quantile } from './support/statistics.js'
import { closedPort, logServer, python, pythonPeer } from './support/log-peers.js'

const CALLS = 2000
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

function eachTimed(label, call, settle) {
  return {
    label,
    async measure() {
      const took = new Array(CALLS)
      for (let number = 0; number < CALLS; number++) {
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

function pythonCalls(label, port) {
  const { child, line } = pythonPeer('call', String(port))
  return {
    label,
    child,
    async measure() {
      child.stdin.write(`${CALLS}\n`)
      return JSON.parse(await line())
    },
  }
}

/** p99.9 of all samples of each contender, beside what the harness reports. */
function tails(contenders) {
  const all = contenders.map(() => [])
  const kept = contenders.map((each, i) => ({
    ...each,
    async measure() {
      const samples = await each.measure()
      all[i].push(...samples)
      return samples
    },
  }))
  const note = () =>
    `p99.9: ${contenders.map(({ label }, i) => `${label} ${(quantile(all[i], 0.999) / 1000).toFixed(1)} us`).join(', ')}`
  return { contenders: kept, note }
}

async function callCase() {
  const folder = mkdtempSync(join(tmpdir(), 'dareplane-bench-'))
  const up = await logServer('ours', join(folder, 'up.log'))
  const stalled = await logServer('ours', join(folder, 'stalled.log'))
  const down = await closedPort()
  const loggers = Object.fromEntries(
    Object.entries({ up: up.port, stalled: stalled.port, down }).map(([state, port]) => [
      state,
      getLogger('bench.mod', { port }),
    ]),
  )
  for (const log of Object.values(loggers)) {
    log.info('first')
    await flushed(log)()
  }
  stalled.child.kill('SIGSTOP')
  const file = pino({ base: null }, pino.destination({ dest: join(folder, 'pino.log'), sync: false }))
  const buffer = Buffer.alloc(1 << 20)
  let at = 0
  const pythons = python ? [pythonCalls('Python, server up', up.port), pythonCalls('Python, server down', down)] : []
  const call = log => number => log.info('reader lapped, %d frames lost', number)
  // A pause lets the transport thread take what there is: not the sum of all contenders' lines is to be measured.
  const rest = () => after(30)
  return {
    name: `${CALLS} calls of log.info with one argument`,
    unit: 'ns/call',
    ...tails([
      eachTimed('server up', call(loggers.up), flushed(loggers.up)),
      eachTimed('server down', call(loggers.down), rest),
      eachTimed('server stalled', call(loggers.stalled), rest),
      eachTimed('pino to a file', call(file), rest),
      ...pythons,
      eachTimed('stringify and write', number => {
        const text = JSON.stringify({ ...RECORD, msg: `reader lapped, ${number} frames lost`, lineno: number })
        at = at + text.length > buffer.length ? 0 : at
        at += buffer.write(text, at)
      }),
    ]),
    close() {
      for (const { child } of [up, stalled, ...pythons]) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export default {
  id: 'log-call',
  about: "a log call in the caller's thread (B11)",
  async *cases() {
    yield callCase()
  },
}
