import fc from 'fast-check'
import t from 'tap'
import { FrameDecoder } from '../../../src/logging/wire/frame-decoder.js'
import { encodeFrame } from '../../../src/logging/wire/frame.js'

t.test('any segmentation of any sequence of frames gives the same bodies', t => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 400 }), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 }),
      (texts, cuts) => {
        const stream = Buffer.concat(texts.map(encodeFrame))
        const decoder = new FrameDecoder(4096)
        const decoded: string[] = []
        for (let at = 0, cut = 0; at < stream.length; cut++) {
          const size = cuts[cut % cuts.length] ?? 1
          const { bodies, refused } = decoder.push(stream.subarray(at, at + size))
          if (refused !== undefined) return false
          decoded.push(...bodies.map(String))
          at += size
        }
        return (
          decoder.allocated === 0 && decoded.join('|') === texts.map(text => Buffer.from(text).toString()).join('|')
        )
      },
    ),
    { numRuns: 10_000 },
  )
  t.end()
})

t.test('a length over the limit is refused at its fourth byte, with what came before it intact', t => {
  const decoder = new FrameDecoder(100)
  const { bodies, refused } = decoder.push(Buffer.concat([encodeFrame('good'), Buffer.from([255, 255, 255])]))
  t.same(bodies.map(String), ['good'])
  t.equal(refused, undefined)
  t.equal(decoder.push(Buffer.from([255])).refused, 0xffffffff)
  t.end()
})

t.test('an announced length takes no memory before its bytes come', t => {
  const before = process.memoryUsage().arrayBuffers
  const decoders = Array.from({ length: 1000 }, () => {
    const decoder = new FrameDecoder(4 * 1024 * 1024)
    decoder.push(Buffer.from([0, 0x30, 0, 0, 1]))
    return decoder
  })
  const grown = process.memoryUsage().arrayBuffers - before
  t.ok(grown < 1000 * 80 * 1024, `${grown} bytes for 1000 frames of 3 MiB that have just begun`)
  t.equal(decoders.length, 1000)
  t.end()
})
