import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Test } from 'tap'
import { receiveRecord } from '../../../src/logging/receiver/received-record.js'
import { recordBody } from '../../../src/logging/wire/record-body.js'
import { FOLLOW_REQUEST } from '../../../src/logging/wire/follow-request.js'
import { FrameDecoder } from '../../../src/logging/wire/frame-decoder.js'
import { encodeFrame } from '../../../src/logging/wire/frame.js'
import { LogRecordSocketReceiver } from '../../../src/logging/receiver/log-record-socket-receiver.js'
import type { LogRecordSocketReceiverOptions } from '../../../src/logging/receiver/log-record-socket-receiver.js'

interface Served {
  readonly receiver: LogRecordSocketReceiver
  readonly file: string
  readonly stop: () => Promise<void>
}

async function serve(t: Test, options: LogRecordSocketReceiverOptions = {}): Promise<Served> {
  const file = join(t.testdir(), 'all.log')
  const receiver = new LogRecordSocketReceiver({ port: 0, logfile: file, ...options })
  const listening = once(receiver, 'listening')
  const served = receiver.serveUntilStopped()
  await listening
  const stop = async (): Promise<void> => {
    await receiver.close()
    await served
  }
  t.teardown(stop)
  return { receiver, file, stop }
}

async function client(receiver: LogRecordSocketReceiver): Promise<Socket> {
  const socket = connect(receiver.port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Not events.once, which an error would end: a refused frame resets the connection. */
const closing = (socket: Socket): Promise<void> => new Promise(resolve => socket.once('close', () => resolve()))

const frame = (msg: unknown, name = 'a'): Buffer =>
  encodeFrame(JSON.stringify({ name, msg, args: [], levelname: 'INFO', levelno: 20, created: 1.5, msecs: 500 }))

const texts = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.slice(line.indexOf(' - ') + 3))

/** Sends and waits until the receiver has closed its side, which it does when all is in the file. */
async function send(receiver: LogRecordSocketReceiver, bytes: Buffer): Promise<void> {
  const socket = await client(receiver)
  socket.resume()
  const closed = closing(socket)
  socket.end(bytes)
  await closed
}

t.test('records are appended to a file of their owner only, in the order of their client', async t => {
  const { receiver, file, stop } = await serve(t)
  const seen: string[] = []
  receiver.on('record', record => seen.push(record.message))
  await send(receiver, Buffer.concat(['one', 'two', 'three'].map(msg => frame(msg))))
  t.same(texts(file), ['a - INFO - one', 'a - INFO - two', 'a - INFO - three'])
  t.same(seen, ['one', 'two', 'three'])
  t.equal(statSync(file).mode & 0o777, 0o600)
  await stop()
  await stop()
  const again = new LogRecordSocketReceiver({ port: 0, logfile: file })
  const listening = once(again, 'listening')
  const served = again.serveUntilStopped()
  await listening
  await send(again, frame('four'))
  await again.close()
  await served
  t.equal(texts(file).length, 4)
})

t.test('any segmentation on the wire gives the same records', async t => {
  const { receiver, file } = await serve(t)
  const messages: string[] = []
  let sent = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ maxLength: 40 }).map(text => text.replaceAll(/[^\w]/g, '_')),
        { minLength: 1, maxLength: 8 },
      ),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 }),
      async (msgs, cuts) => {
        const stream = Buffer.concat(msgs.map(msg => frame(`${msg} ${++sent}`)))
        const socket = await client(receiver)
        socket.setNoDelay(true)
        socket.resume()
        const closed = closing(socket)
        for (let at = 0, cut = 0; at < stream.length; cut++) {
          const size = cuts[cut % cuts.length] ?? 1
          await new Promise(resolve => socket.write(stream.subarray(at, at + size), resolve))
          at += size
        }
        socket.end()
        await closed
        messages.push(...msgs.map((msg, index) => `a - INFO - ${msg} ${sent - msgs.length + index + 1}`))
      },
    ),
    { numRuns: 100 },
  )
  t.same(texts(file), messages)
})

t.test('bad frames are skipped, said once per client, and cost nothing else', async t => {
  const { receiver, file } = await serve(t)
  const bad = ['', 'nonsense', '5', '{"a":', '[]'].map(encodeFrame)
  await send(receiver, Buffer.concat([...bad, frame('after')]))
  const [warning, ...rest] = texts(file)
  t.match(warning, /^dareplane\.logging - WARNING - 127\.0\.0\.1:\d+: a frame of length zero was skipped$/)
  t.same(rest, ['a - INFO - after'])
})

t.test('four gigabytes announced from 100 connections cost nothing; other clients go on', async t => {
  const { receiver, file, stop } = await serve(t)
  const good = await client(receiver)
  const before = process.memoryUsage().rss
  const sockets = await Promise.all(Array.from({ length: 100 }, () => client(receiver)))
  const closed = sockets.map(socket => closing(socket))
  for (const socket of sockets) socket.resume().write(Buffer.from([255, 255, 255, 255, 1, 2, 3]))
  await Promise.all(closed)
  const record = once(receiver, 'record')
  good.write(frame('still here'))
  await record
  good.destroy()
  const grown = process.memoryUsage().rss - before
  t.ok(grown < 8 * 1024 * 1024, `${Math.round(grown / 1024)} KiB more`)
  await stop()
  t.equal(texts(file).filter(line => line.includes('4294967295')).length, 100)
})

t.test('clients that say nothing, or end in mid-frame, are forgotten', async t => {
  const { receiver, file } = await serve(t)
  for (const bytes of [Buffer.alloc(0), Buffer.from([0, 0]), frame('torn').subarray(0, 30)]) await send(receiver, bytes)
  const socket = await client(receiver)
  await new Promise(resolve => socket.write(frame('torn').subarray(0, 30), resolve))
  socket.resetAndDestroy()
  await send(receiver, frame('whole'))
  t.same(texts(file), ['a - INFO - whole'])
})

t.test('records of our senders are confirmed when they are in the file, and taken once', async t => {
  const { receiver, file } = await serve(t)
  const body = (number: number): Buffer =>
    encodeFrame(JSON.stringify({ dareplaneDelivery: ['me', number], name: 'a', msg: `n${number}`, levelname: 'INFO' }))
  const socket = await client(receiver)
  const answer = once(socket, 'data')
  socket.write(Buffer.concat([body(1), body(2)]))
  t.equal(((await answer) as [Buffer])[0].readDoubleBE(0), 2)
  t.same(texts(file), ['a - INFO - n1', 'a - INFO - n2'])
  const again = once(socket, 'data')
  socket.write(Buffer.concat([body(2), body(3)]))
  t.equal(((await again) as [Buffer])[0].readDoubleBE(0), 3)
  t.same(texts(file), ['a - INFO - n1', 'a - INFO - n2', 'a - INFO - n3'])
  socket.destroy()
})

t.test("a field of a program that is called like our senders' number is a field, and numbers nothing", async t => {
  const { receiver, file } = await serve(t)
  const fields: unknown[] = []
  receiver.on('record', ({ dareplaneDelivery }) => fields.push(dareplaneDelivery))
  // As Python's makes it of `extra`: behind the name and all else.
  const body = (msg: string): Buffer =>
    encodeFrame(
      `{"name":"a","msg":"${msg} %s","args":["x"],"levelname":"INFO","levelno":20,"dareplaneDelivery":["me", 1]}`,
    )
  await send(receiver, Buffer.concat([body('one'), body('two'), body('three')]))
  t.same(texts(file), ['a - INFO - one x', 'a - INFO - two x', 'a - INFO - three x'])
  t.same(fields, [
    ['me', 1],
    ['me', 1],
    ['me', 1],
  ])
  // Ours may have such a field too, beside its number.
  const ours = recordBody({ name: 'a', msg: 'ours', args: [], dareplaneDelivery: 5 } as never, ['me', 1])
  await send(receiver, encodeFrame(ours))
  t.equal(texts(file).at(-1), 'a - undefined - ours'.replace('undefined', 'Level None'))
  t.equal(fields.at(-1), 5)
})

t.test('a record below the level is shown to listeners and not written', async t => {
  const { receiver, file } = await serve(t, { level: 'WARNING' })
  let seen = 0
  receiver.on('record', () => seen++)
  await send(receiver, frame('unwritten'))
  t.equal(seen, 1)
  t.same(texts(file), [])
})

t.test('the file is put aside when it has its size', async t => {
  const { receiver, file, stop } = await serve(t, { rotation: { size: '10K', files: 2 } })
  for (let round = 0; round < 40; round++) await send(receiver, frame(`${round} ${'x'.repeat(1000)}`))
  await stop()
  t.same(readdirSync(join(file, '..')).sort(), ['all.log', 'all.log.1', 'all.log.2', 'all.log.delivered'])
  const kept = ['all.log.2', 'all.log.1', 'all.log'].flatMap(name => texts(join(file, '..', name)))
  const numbers = kept.map(line => Number(/- (\d+) x/.exec(line)?.[1]))
  t.equal(numbers.at(-1), 39)
  t.ok(numbers.every((number, index) => index === 0 || number === numbers[index - 1]! + 1))
})

t.test('what was sent before the receiver is closed is written', async t => {
  const { receiver, file, stop } = await serve(t)
  const sockets = await Promise.all(Array.from({ length: 8 }, () => client(receiver)))
  const bytes = Buffer.concat(Array.from({ length: 300 }, (_, number) => frame(`${number}`)))
  // In the kernel, and not looked at by the receiver: both run on this thread.
  for (const socket of sockets) socket.write(bytes)
  await stop()
  t.equal(texts(file).length, 8 * 300)
})

t.test('a receiver that is closed while it starts, or before, ends all the same', async t => {
  const logfile = join(t.testdir(), 'all.log')
  const starting = new LogRecordSocketReceiver({ port: 0, logfile })
  const served = starting.serveUntilStopped()
  await starting.close()
  await served
  const never = new LogRecordSocketReceiver({ port: 0, logfile })
  await never.close()
  await never.close()
})

t.test('a taken port and an impossible file are refused in one clear line', async t => {
  const { receiver } = await serve(t)
  const taken = new LogRecordSocketReceiver({ port: receiver.port, logfile: null })
  await t.rejects(taken.serveUntilStopped(), {
    code: 'ERR_PORT_IN_USE',
    message: new RegExp(`port ${receiver.port} of 127\\.0\\.0\\.1 is in use`),
  })
  const unmade = join(t.testdir(), 'unmade.log')
  await t.rejects(new LogRecordSocketReceiver({ port: receiver.port, logfile: unmade }).serveUntilStopped(), {
    code: 'ERR_PORT_IN_USE',
  })
  t.equal(existsSync(unmade), false, 'the file of the server that has the port is not touched')
  const folder = t.testdir({ there: 'x' })
  symlinkSync(join(folder, 'there'), join(folder, 'link'))
  await t.rejects(new LogRecordSocketReceiver({ port: 0, logfile: join(folder, 'link') }).serveUntilStopped(), {
    code: 'ERR_FILE_INVALID',
    message: /is a symbolic link/,
  })
  await t.rejects(new LogRecordSocketReceiver({ port: 0, logfile: folder }).serveUntilStopped(), {
    code: 'ERR_FILE_INVALID',
  })
  t.throws(
    () => new LogRecordSocketReceiver({ port: -1 }),
    new RangeError('port must be a whole number from 0 to 65535, got -1'),
  )
  t.throws(() => new LogRecordSocketReceiver({ level: 'loud' }), RangeError)
  t.throws(() => new LogRecordSocketReceiver({ rotation: { size: '10 MB' } }), RangeError)
})

t.test('what Python sends of any size and depth reaches the file and who follows, and ends nothing', async t => {
  const { receiver, file } = await serve(t)
  const follower = await client(receiver)
  const decoder = new FrameDecoder(1e8)
  const seen: string[] = []
  const answered = once(follower, 'data')
  follower.on('data', (chunk: Buffer) => {
    for (const body of decoder.push(chunk).bodies) {
      const received = receiveRecord(body)
      if ('record' in received) seen.push(received.record.message)
    }
  })
  follower.write(FOLLOW_REQUEST)
  await answered
  const deep = '['.repeat(3000) + ']'.repeat(3000)
  const raw = (msg: string, args: string, more = ''): Buffer =>
    encodeFrame(`{"name":"a","msg":"${msg}","args":${args},"levelname":"INFO","levelno":20${more}}`)
  const frames = [
    raw('t=%d', '[1795325581898123456]'),
    raw('nan %s', '[NaN]'),
    raw('deep %s', deep),
    raw('deeper', '[]', `,"field":${deep}`),
    raw('follow', '[]', ',"dareplaneFollow":true'),
    raw('end', '[]'),
  ]
  await send(receiver, Buffer.concat(frames))
  while (!seen.includes('end')) await once(follower, 'data')
  follower.destroy()
  t.equal(seen[0], 't=1795325581898123456')
  t.equal(seen[1], 'nan nan')
  t.match(texts(file).join('\n'), /t=1795325581898123456[^]*nan nan[^]*follow[^]*end/)
  t.ok(seen.includes('follow'), 'a field of that name asks for nothing')
})

t.test('frames that never end take up a bounded memory, and an honest client goes on', async t => {
  const { receiver, file } = await serve(t)
  const half = Buffer.alloc(6 * 1024 * 1024, 'x')
  half.writeUInt32BE(8 * 1024 * 1024 - 4, 0)
  const honest = await client(receiver)
  const before = process.memoryUsage().rss
  const ended: Promise<void>[] = []
  for (let n = 0; n < 40; n++) {
    const socket = await client(receiver)
    ended.push(closing(socket))
    await new Promise(resolve => socket.write(half, resolve))
  }
  // Of 40 frames of 6 MiB at most 10 have a place.
  await Promise.race(ended)
  const grown = process.memoryUsage().rss - before
  t.ok(grown < 400 * 1024 * 1024, `${Math.round(grown / 1024 / 1024)} MiB more`)
  const record = once(receiver, 'record')
  honest.write(frame('still here'))
  await record
  honest.destroy()
  t.match(texts(file).join('\n'), /a frame that did not end was given up/)
})
