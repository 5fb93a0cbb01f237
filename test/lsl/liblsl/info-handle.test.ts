import '../../support/loopback.js'
import t from 'tap'
import { takeInfo, withNativeInfo } from '../../../src/lsl/liblsl/info-handle.js'
import { loadLibrary } from '../../../src/lsl/liblsl/library.js'
import type { Library } from '../../../src/lsl/liblsl/library.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { xmlElement } from '../../../src/lsl/xml.js'
import { needsLiblsl } from '../../support/lsl/libraries.js'

/** The real library, which counts what it makes and destroys. */
function counting(): { library: Library; alive: () => number } {
  const real = loadLibrary()
  let alive = 0
  const fn = ((name: Parameters<Library['fn']>[0]) => {
    const call = real.fn(name) as (...args: unknown[]) => unknown
    return (...args: unknown[]) => {
      const result = call(...args)
      if (name === 'lsl_streaminfo_from_xml' && result !== null) alive++
      if (name === 'lsl_destroy_streaminfo') alive--
      return result
    }
  }) as Library['fn']
  return { library: { ...real, fn }, alive: () => alive }
}

const info = new StreamInfo({
  name: 'µ <&> "quoted"',
  channelCount: 2,
  channels: [{ label: 'C3' }, { label: "it's" }],
  desc: [xmlElement('setup', [xmlElement('lab', '1')])],
})

t.test(
  'a description survives the way through the C library, and nothing of it is left behind',
  needsLiblsl(),
  async t => {
    const { library, alive } = counting()
    const back = withNativeInfo(library, info, handle => StreamInfo.fromXml(library.fn('lsl_get_xml')(handle)))
    t.match(back, { name: info.name, channelCount: 2, sourceId: info.sourceId })
    t.strictSame(back.desc, info.desc)
    t.equal(alive(), 0)
  },
)

t.test('a handle that is used up by an error is released too', needsLiblsl(), async t => {
  const { library, alive } = counting()
  const failing = (): never => {
    throw new RangeError('while in use')
  }
  t.throws(() => withNativeInfo(library, info, failing), RangeError)
  t.equal(alive(), 0)
})

t.test('taking a description releases its handle', needsLiblsl(), async t => {
  const { library, alive } = counting()
  const handle = library.fn('lsl_streaminfo_from_xml')(new StreamInfo({ ...info.fields, uid: 'u' }).asXml())
  t.equal(alive(), 1)
  t.equal(takeInfo(library, handle!).name, info.name)
  t.equal(alive(), 0)
})
