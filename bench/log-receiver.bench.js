// Baseline: the same bytes of each client through a pipe into a file, unread.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { logServer, python, pythonServer } from './support/log-peers.js'

const RECORDS = { ours: 64_000, python: 3200 }

/** What a Python client sends for one call. */
function frames(client, count) {
  const parts = []
  for (let number = 0; number < count; number++) {
    const head = `"name":"bench.c${client}","msg":"reader lapped, frames lost: ${number}","args":[],"levelname":"INFO","levelno":20`
    const place = '"pathname":"\\/home\\/lab\\/module\\/main.py","filename":"main.py","module":"main"'
    const blocks = '"exc_info":null,"exc_text":null,"stack_info":null,"lineno":42,"funcName":"main"'
    const times = '"created":1795325581.898123,"msecs":898.0,"relativeCreated":5123.456789'
    const body = `{${head},${place},${blocks},${times},"thread":140234567890123,"threadName":"MainThread","processName":"MainProcess","process":4242}`
    const length = Buffer.alloc(4)
    length.writeUInt32BE(Buffer.byteLength(body))
    parts.push(length, Buffer.from(body))
  }
  return Buffer.concat(parts)
}

/** Microseconds per record from the first byte until every client was hung up on: all is in the file then. */
async function send(port, loads, records) {
  const sockets = await Promise.all(
    loads.map(async () => {
      const socket = connect(port, '127.0.0.1').resume()
      // Python hangs up on half a length; then the records that follow are lost to it, which its rate flatters.
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      return socket
    }),
  )
  const start = performance.now()
  await Promise.all(
    sockets.map((socket, client) => {
      // Not by events.once, which an error would end.
      const closed = new Promise(resolve => socket.once('close', resolve))
      socket.end(loads[client])
      return closed
    }),
  )
  return ((performance.now() - start) * 1000) / records
}

async function receiverCase(clients) {
  const folder = mkdtempSync(join(tmpdir(), 'dareplane-bench-'))
  const loadsOf = records => Array.from({ length: clients }, (_, client) => frames(client, records / clients))
  const many = loadsOf(RECORDS.ours)
  const few = loadsOf(RECORDS.python)
  const servers = {
    ours: await logServer('ours', join(folder, 'ours.log')),
    raw: await logServer('raw', join(folder, 'raw.log')),
    ...(python ? { python: await pythonServer(join(folder, 'python.log')) } : {}),
  }
  const measured = (label, { port }, loads, records) => ({
    label,
    measure: async () => [await send(port, loads, records)],
  })
  return {
    name: `${clients} ${clients === 1 ? 'client' : 'clients'}, records of ${Math.round((many[0].length * clients) / RECORDS.ours)} bytes`,
    unit: 'us/record',
    note: medians => `records/s: ${medians.map(us => Math.round(1e6 / us)).join(', ')}`,
    contenders: [
      measured('receiver', servers.ours, many, RECORDS.ours),
      ...(servers.python ? [measured("Python's receiver", servers.python, few, RECORDS.python)] : []),
      measured('raw pipe', servers.raw, many, RECORDS.ours),
    ],
    close() {
      for (const { child } of Object.values(servers)) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export default {
  id: 'log-receiver',
  about: 'records of many clients through the log server into its file (B12)',
  async *cases({ quick }) {
    for (const clients of quick ? [1, 8] : [1, 4, 16, 32]) yield receiverCase(clients)
  },
}
