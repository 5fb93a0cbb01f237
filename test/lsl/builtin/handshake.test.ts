import { uniqueName } from '../../support/loopback.js'
import { ask } from '../../support/lsl/raw-tcp.js'
import t from 'tap'
import type { Test } from 'tap'
import { bytesPerValue } from '../../../src/channel-format.js'
import type { ChannelFormat } from '../../../src/channel-format.js'
import { resolveByProp } from '../../../src/lsl/resolve.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../../src/lsl/stream-outlet.js'

const engine = 'builtin'
/** 123456.789, the stamp of test patterns. */
const STAMP = 'c976be9f0c24fe40'

async function outletOf(
  t: Test,
  channelFormat: ChannelFormat,
  channelCount: number,
): Promise<{ outlet: StreamOutlet; uid: string; port: number }> {
  const name = uniqueName('golden')
  const outlet = new StreamOutlet(new StreamInfo({ name, type: 'G', channelCount, channelFormat, nominalSrate: 10 }), {
    engine,
  })
  t.teardown(() => outlet.close())
  const [found] = await resolveByProp('name', name, { engine })
  return { outlet, uid: found!.uid, port: found!.fields.v4dataPort }
}

function answer(uid: string, order: number, suppress: number): string {
  return [
    'LSL/110 200 OK',
    `UID: ${uid}`,
    `Byte-Order: ${order}`,
    `Suppress-Subnormals: ${suppress}`,
    'Data-Protocol-Version: 110',
    '\r\n',
  ].join('\r\n')
}

function floats(values: readonly number[], little: boolean): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, index) =>
    little ? bytes.writeFloatLE(value, 4 * index) : bytes.writeFloatBE(value, 4 * index),
  )
  return bytes
}

t.test('the golden bytes of two string channels', async t => {
  const { uid, port } = await outletOf(t, 'string', 2)
  const pattern = Buffer.concat([
    Buffer.from(`02${STAMP}0102`, 'hex'),
    Buffer.from('10'),
    Buffer.from('0103', 'hex'),
    Buffer.from('-11'),
  ])
  const expected = Buffer.concat([Buffer.from(answer(uid, 1234, 0)), pattern, pattern])
  const got = await ask(port, `LSL:streamfeed/110 ${uid}\r\n\r\n`, expected.byteLength)
  t.equal(got.toString('latin1'), expected.toString('latin1'))
})

t.test('the golden bytes of three float32 channels, in the byte order of the client', async t => {
  const { uid, port } = await outletOf(t, 'float32', 3)
  for (const little of [true, false]) {
    const stamp = Buffer.from(STAMP, 'hex')
    const head = Buffer.concat([Buffer.of(2), little ? stamp : Buffer.from(stamp).reverse()])
    const order = little ? 1234 : 4321
    const expected = Buffer.concat([
      Buffer.from(answer(uid, order, 0)),
      ...[
        [4, -5, 6],
        [2, -3, 4],
      ].flatMap(values => [head, floats(values, little)]),
    ])
    const request = `LSL:streamfeed/110\r\nnative-byte-order: ${order} ; a comment\r\nEndian-Performance: 0\r\n\r\n`
    const got = await ask(port, request, expected.byteLength)
    t.equal(got.toString('latin1'), expected.toString('latin1'), `byte order ${order}`)
  }
})

t.test(
  'a faster client of the other byte order swaps itself, and one without subnormals is told to flush them',
  async t => {
    const { uid, port } = await outletOf(t, 'double64', 1)
    const request = `LSL:streamfeed/110 ${uid}\nNative-Byte-Order: 4321\nEndian-Performance: 5\nSupports-Subnormals: 0\n\n`
    const expected = answer(uid, 1234, 1)
    t.equal((await ask(port, request, expected.length)).toString('latin1', 0, expected.length), expected)
  },
)

t.test('the test patterns of integers wrap as liblsl has them', async t => {
  for (const [format, values] of [
    ['int8', [5, -6]],
    ['int16', [261, -262]],
    ['int32', [65541, -65542]],
    ['int64', [2147483653n, -2147483654n]],
  ] as const) {
    const { uid, port } = await outletOf(t, format, 2)
    const start = answer(uid, 1234, 0).length + 9
    const got = await ask(port, `LSL:streamfeed/110 ${uid}\r\n\r\n`, start + 2 * bytesPerValue(format))
    const view = new DataView(got.buffer, got.byteOffset + start)
    const read = {
      int8: (i: number) => view.getInt8(i),
      int16: (i: number) => view.getInt16(2 * i, true),
      int32: (i: number) => view.getInt32(4 * i, true),
      int64: (i: number) => view.getBigInt64(8 * i, true),
    }[format]
    t.same([read(0), read(1)], values, format)
  }
})

t.test('an outlet refuses another uid and other protocols, and stays silent to noise', async t => {
  const { uid, port } = await outletOf(t, 'int16', 1)
  const text = async (request: string): Promise<string> => (await ask(port, request)).toString('latin1')
  t.equal(await text('LSL:streamfeed/110 somebody-else\r\n\r\n'), 'LSL/110 404 Not found')
  t.equal(await text(`LSL:streamfeed/210 ${uid}\r\n\r\n`), 'LSL/110 505 Version not supported')
  t.equal(await text(`LSL:streamfeed/100 ${uid}\r\n\r\n`), 'LSL/110 505 Version not supported')
  t.equal(await text(`LSL:streamfeed/110 ${uid}\r\nValue-Size: 4\r\n\r\n`), 'LSL/110 505 Version not supported')
  t.equal(await text('LSL:streamfeed\r\n100 1\r\n'), '', 'protocol 1.00')
  t.equal(await text('GET / HTTP/1.1\r\n\r\n'), '')
  t.equal(await text('x'.repeat(20_000)), '')
})

t.test('descriptions are served by TCP, the short one only to a query that it satisfies', async t => {
  const { outlet, port } = await outletOf(t, 'int16', 1)
  const { name, uid } = outlet.info
  const full = StreamInfo.fromXml((await ask(port, 'LSL:fullinfo\r\n')).toString())
  t.equal(full.uid, uid)
  t.equal(full.fields.v4dataPort, port)
  const short = await ask(port, `LSL:shortinfo\r\nname='${name}'\r\n`)
  t.equal(StreamInfo.fromXml(short.toString()).uid, uid)
  t.equal((await ask(port, "LSL:shortinfo\r\nname='other'\r\n")).byteLength, 0)
})

t.test('a client that asks for no buffer gets the patterns and no data', async t => {
  const { outlet, uid, port } = await outletOf(t, 'int8', 1)
  const size = answer(uid, 1234, 0).length + 2 * 10
  const silent = ask(port, `LSL:streamfeed/110 ${uid}\r\n\r\n`)
  const got = await ask(port, `LSL:streamfeed/110 ${uid}\r\nMax-Buffer-Length: 10\r\n\r\n`, size)
  t.equal(got.byteLength, size)
  outlet.pushSample([1], 5)
  await outlet.close()
  t.equal((await silent).byteLength, size)
})
