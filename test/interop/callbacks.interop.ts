import t from 'tap'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pino } from 'pino'
import { DefaultCallbackServer } from '../../src/server/default-callback-server.js'
import { withoutPython } from '../support/interop/python.js'
import { testFolder } from '../support/project.js'
import { inTime } from '../support/in-time.js'

interface Said {
  readonly pcomms?: string
  readonly up_s?: number
  readonly callback?: string
}

t.setTimeout(120_000)

const ROUNDS = 4
/** So many callbacks are read in each round. */
const EACH = 60

t.test(
  'a control room that is killed and comes back while its module calls back is up in time',
  { skip: withoutPython },
  async t => {
    const server = new DefaultCallbackServer({ port: 0, logger: pino({ level: 'silent' }) })
    server.pcommandMap.set('START', () => 0)
    await server.initServer()
    void server.startListening()
    let sent = 0
    const calls = setInterval(() => server.sendCallback('module', 'START', { i: sent++ }), 100)
    const seen: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const script = join(testFolder, 'interop', 'room.py')
      const room = spawn(process.env['INTEROP_PYTHON'] ?? 'python3', [script, String(server.port)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let count = 0
      const limit = setTimeout(() => room.kill('SIGKILL'), 60_000)
      for await (const line of createInterface({ input: room.stdout })) {
        const said = JSON.parse(line) as Said
        if (said.pcomms !== undefined) {
          t.equal(said.pcomms, 'START|STOP|CLOSE')
          inTime(t, 'the room is up', (said.up_s ?? Infinity) * 1000, 5000)
        }
        if (said.callback !== undefined) {
          seen.push(said.callback)
          // What it has missed since the last round comes first, 100 ms apart.
          if (++count === EACH) break
        }
      }
      clearTimeout(limit)
      if (room.exitCode === null && room.signalCode === null) {
        const gone = once(room, 'exit')
        room.kill('SIGKILL')
        await gone
      }
    }
    clearInterval(calls)
    await server.shutdown()
    t.equal(seen.length, ROUNDS * EACH)
    t.same(
      seen,
      seen.map((_, i) => `module|START|{"i":${i}}`),
      'each callback came once, alone and in order',
    )
  },
)
